package io.surprisal.service.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.surprisal.service.score.Failure;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.core.multipart.MultipartParser;
import org.jspecify.annotations.Nullable;

/** Everything that goes wrong, as problem details. */
final class ProblemMappers {
    /** What the framework's own exceptions do not say. */
    private static final Map<Integer, String> EXPECTATIONS = Map.of(
            404, "no such path; see /q/openapi",
            405, "no such method on this path; see /q/openapi",
            406, "expected to answer with application/json, the Accept header excludes it",
            413, "the body is larger than the service takes",
            415,
                    "expected image/png, image/jpeg, application/octet-stream, multipart/form-data or application/json as the content type");

    private static final String PARSER_OF_FORMS = MultipartParser.class.getPackageName();

    @ServerExceptionMapper
    Response any(Throwable cause) {
        if (isOfTheParserOfForms(cause)) {
            return problem(Problem.of("invalid-request", 400, "expected multipart/form-data, got a body that is not"))
                    .build();
        }
        Failure failure = Failure.of(cause);
        Response.ResponseBuilder response = problem(Problem.of(failure));
        Problem.headers(failure).forEach(response::header);
        return response.build();
    }

    @ServerExceptionMapper
    Response framework(WebApplicationException cause) {
        if (cause.getCause() instanceof JacksonException json) {
            return json(json);
        }
        int status = cause.getResponse().getStatus();
        String detail =
                cause instanceof AbsentException ? message(cause) : EXPECTATIONS.getOrDefault(status, message(cause));
        return problem(Problem.of(status < 500 ? "invalid-request" : "unexpected", status, detail))
                .build();
    }

    /** The second class is named because the framework has a mapper of its own for it. */
    @ServerExceptionMapper({JacksonException.class, MismatchedInputException.class})
    Response json(JacksonException cause) {
        String message = cause.getOriginalMessage();
        String where = cause.getLocation() == null
                ? ""
                : " at line %d, column %d"
                        .formatted(
                                cause.getLocation().getLineNr(),
                                cause.getLocation().getColumnNr());
        String detail =
                "expected {\"images\":[{\"data\": base64}]}, got JSON that is not%s: %s".formatted(where, message);
        return problem(Problem.of("invalid-request", 400, detail)).build();
    }

    /** What the framework's parser throws of itself is about the form, whatever its type; what it passes on has another origin. */
    private static boolean isOfTheParserOfForms(Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        return cause.getCause() == null
                && trace.length > 0
                && trace[0].getClassName().startsWith(PARSER_OF_FORMS);
    }

    private static Response.ResponseBuilder problem(Problem problem) {
        return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
    }

    private static String message(Throwable cause) {
        @Nullable String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
