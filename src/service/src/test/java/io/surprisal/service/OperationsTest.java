package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static io.surprisal.service.Http.post;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.surprisal.detector.drift.DriftAlarm;
import io.surprisal.service.model.DriftNoticed;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators ask of the service: what it serves, how it is, how it went, and what it can be asked. */
@QuarkusTest
@QuarkusTestResource(Bundles.class)
class OperationsTest {
    @Inject
    Observer observer;

    @BeforeEach
    void awaitStarted() {
        Service.awaitStarted();
    }

    @Test
    void theModelsBeingServedAreListed() {
        given().get("/v1/models")
                .then()
                .statusCode(200)
                .body("models.name", equalTo(List.of("tiny-cascade", "tiny-grey", "tiny-grey", "tiny-nan", "tiny-rgb")))
                .body("models.version", equalTo(List.of("1", "10", "9", "1", "1")))
                .body("models[0].shape.height", equalTo(8))
                .body("models[0].statistics", hasItems("bits-per-dimension"))
                .body("models[0].falsePositiveRate", equalTo(0.01f));
    }

    @Test
    void theServiceIsReadyAndSaysWhatItServes() {
        given().get("/q/health/live").then().statusCode(200);
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'models' }.data.'tiny-grey/10'", equalTo("serving"));
    }

    @Test
    void metricsAreInPrometheusFormat() {
        post("image/png", Images.noise()).statusCode(200);
        String metrics = given().accept("text/plain")
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(metrics)
                .contains("# TYPE surprisal_batch_images histogram")
                .contains("# TYPE surprisal_queue_images gauge")
                .contains("# TYPE surprisal_verdicts_total counter")
                .containsPattern(
                        "surprisal_verdicts_total\\{model=\"tiny-grey\",verdict=\"flagged\",version=\"10\",\\} [1-9]")
                .containsPattern(
                        "surprisal_bits_per_dimension_bucket\\{model=\"tiny-grey\",version=\"10\",le=\"8.0\",\\}")
                .containsPattern("surprisal_queue_wait_seconds_bucket\\{le=\"0.001\",\\}")
                .containsPattern("surprisal_inference_seconds_count [1-9]")
                .containsPattern("surprisal_score_seconds_count\\{outcome=\"success\",\\} [1-9]")
                .containsPattern("http_server_requests_seconds_count\\{[^}]*uri=\"/v1/score\"");
        assertThat(metrics.lines())
                .allMatch(line -> line.startsWith("#")
                        || line.matches("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*\\})? (NaN|[+-]?Inf|[-+0-9.eE]+)"));
    }

    @Test
    void imagesThatAreNotThoseOfTheCalibrationAreDrift() {
        given().get("/q/health/well").then().statusCode(200).body("checks[0].name", equalTo("drift"));
        byte[] noise = Images.noise();
        for (int i = 0; i < 60; i++) {
            Http.post("image/png", noise, "version=9").statusCode(200);
        }
        given().get("/q/health/well")
                .then()
                .statusCode(200)
                .body("checks[0].status", equalTo("UP"))
                .body(
                        "checks[0].data.'tiny-grey/9'",
                        containsString("last alarm: more images than a calibration allows"));
        assertThat(given().accept("text/plain").get("/q/metrics").asString())
                .containsPattern(
                        "surprisal_drift_alarms_total\\{kind=\"more-extremes\",model=\"tiny-grey\",version=\"9\",\\} [1-9]")
                .containsPattern("surprisal_drift_level\\{model=\"tiny-grey\",version=\"9\",\\} 0?\\.?[0-9]");
        Patience.until("the event of it", () -> observer.last != null);
        assertThat(requireNonNull(observer.last)).satisfies(event -> {
            assertThat(event.model() + "/" + event.version()).isEqualTo("tiny-grey/9");
            assertThat(event.alarm().kind()).isEqualTo(DriftAlarm.Kind.MORE_EXTREMES);
        });
    }

    /** Whoever wants to act on drift observes it. */
    @Singleton
    static class Observer {
        volatile @Nullable DriftNoticed last;

        void noticed(@ObservesAsync DriftNoticed drift) {
            last = drift;
        }
    }

    @Test
    void theDescriptionNamesAllThreeForms() {
        given().accept("application/json")
                .get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body(
                        "paths.'/v1/score'.post.requestBody.content.keySet()",
                        hasItems(
                                "image/png",
                                "image/jpeg",
                                "application/octet-stream",
                                "application/json",
                                "multipart/form-data"))
                .body("paths.'/v1/score'.post.responses.keySet()", hasItems("200", "400", "404", "413", "429", "503"))
                .body("paths.'/v1/map'", not(nullValue()))
                .body("components.schemas.Problem.properties.keySet()", hasItems("type", "title", "status", "detail"));
        given().get("/q/swagger-ui/").then().statusCode(200);
    }
}
