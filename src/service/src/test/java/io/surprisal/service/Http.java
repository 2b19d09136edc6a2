package io.surprisal.service;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Requests of the tests. */
final class Http {
    private Http() {}

    static ValidatableResponse post(String type, byte[] body) {
        return post(type, body, "");
    }

    static ValidatableResponse post(String type, byte[] body, String query) {
        Map<String, String> parameters = Stream.of(query.split("&"))
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return given().config(RestAssured.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                                .encodeContentTypeAs(type, ContentType.BINARY)))
                .contentType(type)
                .queryParams(parameters)
                .body(body)
                .post("/v1/score")
                .then();
    }

    static ValidatableResponse problem(ValidatableResponse response, int status, String type) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:surprisal:problem:" + type))
                .body("status", equalTo(status))
                .body("title", notNullValue())
                .body("detail", notNullValue());
    }

    static byte[] json(byte[]... images) {
        return Stream.of(images)
                .map(image -> "{\"data\":\"" + Base64.getEncoder().encodeToString(image) + "\"}")
                .collect(Collectors.joining(",", "{\"images\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }
}
