package io.surprisal.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import io.surprisal.service.launch.ServiceProcess;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A headless Chromium on the console of a service. */
final class Browser implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final ChromeDriver driver;
    private final Path profile;

    private Browser(ChromeDriver driver, Path profile) {
        this.driver = driver;
        this.profile = profile;
    }

    /** Whether Chromium and its driver are installed; {@code @EnabledIf} asks. */
    static boolean installed() {
        return onPath("chromium").isPresent() && onPath("chromedriver").isPresent();
    }

    static Browser open() throws IOException {
        Path profile = Files.createTempDirectory("surprisal-chromium");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(onPath("chromium").orElseThrow());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(onPath("chromedriver").orElseThrow())
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().window().setSize(new Dimension(1280, 1000));
        return new Browser(driver, profile);
    }

    private static Optional<File> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> new File(folder, program))
                .filter(File::canExecute)
                .findFirst();
    }

    /** Opens the console, and waits until it has heard of the service. */
    void visit(ServiceProcess service) {
        visit(service.http());
        untilText("#connection", "service is up");
        Patience.until("the models to be listed", () -> !all("#model option").isEmpty());
    }

    void visit(URI page) {
        driver.get(page.toString());
    }

    WebElement one(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** The text of an element, hidden or not. */
    String text(String selector) {
        return String.valueOf(
                driver.executeScript("return document.querySelector(arguments[0])?.textContent ?? ''", selector));
    }

    void untilText(String selector, String part) {
        Patience.until(
                "'%s' in %s, found '%s'".formatted(part, selector, text(selector)),
                () -> text(selector).contains(part));
    }

    /** Chooses a file, as by the dialogue of the browser. */
    void upload(Path file) {
        one("#file").sendKeys(file.toAbsolutePath().normalize().toString());
    }

    /** Does what a script says. */
    Object run(String script, Object... arguments) {
        return String.valueOf(driver.executeScript(script, arguments));
    }

    void size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    /** Lets the page believe that its user likes it light or dark. */
    void colours(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Fails on what keeps people out, by axe-core's rules. */
    void requireAccessible() {
        List<Rule> serious = new AxeBuilder()
                .analyze(driver).getViolations().stream()
                        .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                        .toList();
        assertThat(serious)
                .as(
                        "serious findings of axe: %s",
                        serious.stream().map(Browser::words).toList())
                .isEmpty();
    }

    private static String words(Rule rule) {
        return rule.getHelp() + ": "
                + rule.getNodes().stream().map(node -> node.getHtml()).toList();
    }

    /** What went wrong in the page: errors of scripts, and what its policy forbade. */
    List<String> complaints() {
        return driver.manage().logs().get("browser").getAll().stream()
                .map(entry -> entry.getMessage())
                .toList();
    }

    /** Keeps a picture of what is in the window. */
    void picture(String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
        TemporaryFolders.delete(profile);
    }
}
