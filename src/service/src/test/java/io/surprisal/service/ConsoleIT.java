package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.detector.TinyBundle;
import io.surprisal.detector.TinyCascade;
import io.surprisal.detector.TinyFault;
import io.surprisal.service.launch.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page at {@code /} of the packaged program on the shipped bundle, in a Chromium. Leaves pictures in {@code target/screenshots}. */
@EnabledIf(
        value = "io.surprisal.service.Browser#installed",
        disabledReason = "Chromium and chromedriver are not on the path")
class ConsoleIT {
    private static final Path SHIPPED = Path.of("..", "..", "models", "fashion-mnist", "1");

    @TempDir
    static Path models;

    private static ServiceProcess service;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        copy(SHIPPED, models.resolve("fashion-mnist").resolve("1"));
        service = start(Map.of());
        browser = Browser.open();
    }

    @AfterAll
    static void stop() {
        try {
            if (browser != null) {
                browser.close();
            }
        } finally {
            if (service != null) {
                service.close();
            }
        }
    }

    private static ServiceProcess start(Map<String, String> settings) throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("surprisal.repository.poll-interval", "200ms");
        all.put("surprisal.default-model", "fashion-mnist");
        return ServiceProcess.start(PackagedServiceIT.PROGRAM, models, all);
    }

    @BeforeEach
    void visit() {
        browser.size(1280, 1000);
        browser.colours("light");
        browser.visit(service);
        browser.complaints();
    }

    @AfterEach
    void nothingWentWrongInThePage() {
        assertThat(browser.complaints().stream()
                        .filter(complaint -> !complaint.contains("the server responded with")
                                && !complaint.contains("ERR_CONNECTION_REFUSED")
                                && !complaint.contains("ERR_INCOMPLETE_CHUNKED_ENCODING")))
                .isEmpty();
    }

    @Test
    void aSampleIsAcceptedAndSaysWhatEachPixelIs() throws IOException {
        browser.untilText("#takes", "28×28");
        Patience.until("the samples", () -> browser.all("#samples button").size() == 16);
        browser.one("#samples button[title='1-drawn.png']").click();
        browser.untilText("#verdict", "accepted");
        browser.untilText("#purified-verdict", "bits per dimension");
        assertThat(browser.all("#statistics tbody tr")).hasSizeGreaterThan(10);
        browser.one("#map").sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_RIGHT);
        browser.untilText("#readout", "Row 2, column 2. ");
        assertThat(browser.text("#readout")).contains("probability", "bits where", "were expected");
        browser.one("#statistics button[data-statistic='bits-per-dimension']").click();
        browser.untilText("#place", "The bits per dimension of this image is");
        browser.picture("accepted");
    }

    @Test
    void anAttackedImageIsFlaggedAndPurified() throws IOException {
        browser.upload(SHIPPED.resolve("samples").resolve("1-noise.png"));
        browser.untilText("#verdict", "flagged");
        assertThat(browser.text("#verdict")).contains("less typical than").contains("p-value");
        browser.untilText("#purified-verdict", "bits per dimension");
        String[] bits = browser.text("#purified-verdict").split("[^0-9.]+");
        assertThat(Double.parseDouble(bits[1])).isLessThan(Double.parseDouble(bits[0]) - 1);
        browser.size(1280, 1420);
        browser.run("window.scrollTo(0, 0)");
        browser.picture("console");
        browser.colours("dark");
        browser.picture("flagged-dark");
        browser.requireAccessible();
    }

    @Test
    void anImageOfACascadeIsPlacedInTheStageThatDecided() throws IOException {
        TinyCascade tiny = TinyCascade.grey();
        new TinyCascade(new TinyBundle("tiny-cascade", Bundles.GREY.model()), tiny.screen())
                .write(Files.createDirectories(models.resolve("tiny-cascade").resolve("1")), "1");
        browser.untilText("#model", "tiny-cascade/1");
        browser.run(
                "const model = document.getElementById('model'); model.value = 'tiny-cascade/1'; model.dispatchEvent(new Event('change'))");
        browser.upload(Files.write(models.resolveSibling("noise.png"), Images.noise()));
        browser.untilText("#verdict", "flagged");
        assertThat(browser.text("#verdict")).contains("none of its images, and the model was not asked");
        browser.untilText("#place", "clean images that the screen found suspicious");
        browser.picture("cascade");
        browser.requireAccessible();
    }

    @Test
    void whatIsNoImageIsRefusedInWords() throws IOException {
        browser.upload(Files.write(models.resolveSibling("not-an-image.png"), Images.notAnImage()));
        Patience.until("the refusal", () -> browser.one("#refusal").isDisplayed());
        assertThat(browser.text("#refusal")).contains("expected", "PNG");
        assertThat(browser.one("#examined").isDisplayed()).isFalse();
        browser.upload(Files.write(models.resolveSibling("wrong-size.png"), Images.clean(0)));
        browser.untilText("#refusal", "expected an image of 28×28 grey, found 8×8 grey");
    }

    @Test
    void decisionsComeInAndThresholdsAreExplored() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                Stream<Path> samples = Files.list(SHIPPED.resolve("samples"))) {
            for (Path sample : samples.sorted().toList()) {
                HttpRequest request = HttpRequest.newBuilder(service.http().resolve("/v1/score"))
                        .header("content-type", "image/png")
                        .POST(HttpRequest.BodyPublishers.ofFile(sample))
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
        browser.untilText("#decided", "16");
        assertThat(browser.all("#log tbody tr")).hasSize(16);
        assertThat(browser.text("#log tbody")).contains("flagged", "accepted");
        assertThat(browser.text("#p99")).contains("ms");
        String asDecided = browser.text("#would");
        assertThat(asDecided).contains("At 1 %, ", "of the last 16 decisions");
        browser.run("const slider = document.getElementById('rate-slider'); slider.value = -0.5;"
                + " slider.dispatchEvent(new Event('input'))");
        assertThat(browser.text("#would")).contains("At 32 %, ").isNotEqualTo(asDecided);
        browser.requireAccessible();
        browser.one("#decisions-title").click();
        browser.run("document.getElementById('decisions').scrollIntoView()");
        browser.picture("decisions");
        browser.visit(service);
        browser.untilText("#decided", "16");
    }

    @Test
    void modelsComeAndAreRefusedWhileThePageIsOpen() throws IOException {
        browser.untilText("[data-model='fashion-mnist/1'] .state", "serving");
        browser.one("[data-model='fashion-mnist/1'] summary").click();
        browser.untilText("[data-model='fashion-mnist/1'] pre", "Intended use and limits");
        Path tiny = models.resolve("tiny-grey");
        Bundles.GREY.write(Files.createDirectories(tiny.resolve("1")), "1");
        browser.untilText("[data-model='tiny-grey/1'] .state", "serving");
        assertThat(browser.text("#model")).contains("tiny-grey/1");
        Bundles.GREY.write(Files.createDirectories(tiny.resolve("2")), TinyFault.BYTE_CHANGED);
        browser.untilText("[data-model='tiny-grey/2'] .state", "refused: ");
        assertThat(browser.text("[data-model='tiny-grey/2'] .state")).contains("SHA-256 of model.onnx");
        browser.run("document.getElementById('models').scrollIntoView()");
        browser.picture("models");
        TemporaryFolders.delete(tiny);
        Patience.until(
                "tiny-grey to be gone",
                () -> browser.all("[data-model='tiny-grey/1']").isEmpty());
    }

    @Test
    void nothingIsWiderThanANarrowScreen() throws IOException {
        browser.size(500, 900);
        browser.upload(SHIPPED.resolve("samples").resolve("1-patch.png"));
        browser.untilText("#purified-verdict", "bits per dimension");
        assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo("true");
        browser.picture("narrow");
    }

    @Test
    void aServiceThatGoesIsMissedAndFoundAgain() throws Exception {
        int port = service.httpPort();
        service.close();
        browser.untilText("#connection", "does not answer");
        browser.upload(SHIPPED.resolve("samples").resolve("1-drawn.png"));
        browser.untilText("#refusal", "The service does not answer");
        service = start(Map.of("quarkus.http.port", Integer.toString(port)));
        browser.untilText("#connection", "service is up");
    }

    @Test
    void oneSwitchTurnsItOff() throws Exception {
        try (ServiceProcess without = start(Map.of("surprisal.console.enabled", "false"));
                HttpClient client = HttpClient.newHttpClient()) {
            for (String path : new String[] {"/", "/index.html", "/console/console.js", "/v1/live", "/v1/live/"}) {
                assertThat(status(client, without.http().resolve(path)))
                        .as(path)
                        .isEqualTo(404);
            }
            assertThat(status(client, without.http().resolve("/v1/models"))).isEqualTo(200);
        }
    }

    private static int status(HttpClient client, URI page) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(page)
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
