package io.surprisal.detector.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What can go wrong: a document that is nearly right is read as something it does not say. */
class FieldsTest {

    @Test
    void theMessageHasThePathTheExpectedAndTheFound() {
        Fields root = parse("{\"shape\": {\"height\": \"28\"}, \"list\": [1, null], \"items\": [{\"x\": true}]}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.object("shape").integer("height"))
                .withMessage("doc.shape.height: expected an integer, found \"28\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.object("shape").integer("width"))
                .withMessage("doc.shape.width: expected an integer, found nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.numbers("list"))
                .withMessage("doc.list[1]: expected a finite number, found null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.objects("items").getFirst().string("x"))
                .withMessage("doc.items[0].x: expected a string, found true");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.object("list"))
                .withMessage("doc.list: expected an object, found [1,null]");
    }

    @Test
    void numbersThatAreNotWholeAreNoIntegers() {
        Fields root = parse("{\"a\": 1.5, \"b\": 3000000000, \"c\": 1e999}");
        assertThatIllegalArgumentException().isThrownBy(() -> root.integer("a"));
        assertThatIllegalArgumentException().isThrownBy(() -> root.integer("b"));
        assertThat(root.whole("b")).isEqualTo(3_000_000_000L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.number("c"))
                .withMessageStartingWith("doc.c: expected a finite number, found");
    }

    @Test
    void whatIsNotOneObjectIsRefused() {
        for (String json : new String[] {"", "[]", "{", "{} {}", "{\"a\": 1, \"a\": 2}", "null"}) {
            assertThatIllegalArgumentException()
                    .as(json)
                    .isThrownBy(() -> parse(json))
                    .withMessageStartingWith("doc: expected ");
        }
    }

    @Test
    void everyDoubleSurvivesTheRoundTrip() {
        double[] values = {0.1, Math.PI, Double.MIN_VALUE, -Double.MAX_VALUE, 1e-17};
        var root = Fields.newObject();
        var array = root.putArray("values");
        for (double value : values) {
            array.add(value);
        }
        assertThat(Fields.parse("doc", Fields.write(root)).numbers("values")).isEqualTo(values);
    }

    @Test
    void packedNumbersAreReadAsTheyAreWrittenAndAsAnArray() {
        double[] values = {0.5, -1e30, 3};
        Fields root = parse("{\"packed\": \"%s\", \"array\": [0.5, -1e30, 3]}".formatted(Fields.packedNumbers(values)));
        assertThat(root.packedNumbers("packed"))
                .containsExactly(0.5, Math.nextUp((float) -1e30), 3); // the float next to −10³⁰ is below it
        assertThat(root.packedNumbers("array")).containsExactly(values);
    }

    @Test
    void packedIntegersAreReadAsTheyAreWrittenAndAsAnArray() {
        int[] values = {1, Integer.MAX_VALUE, -70_000};
        Fields root = parse("{\"packed\": \"%s\", \"array\": [1, 2]}".formatted(Fields.packedIntegers(values)));
        assertThat(root.packedIntegers("packed")).containsExactly(values);
        assertThat(root.packedIntegers("array")).containsExactly(1, 2);
    }

    @Test
    void aNumberIsNeverWrittenSmallerThanItIs() {
        double[] values = {0.1, -0.1, 1e-50, -1e-50, Math.PI, -Math.PI, 1e30, 0};
        double[] read = parse("{\"packed\": \"%s\"}".formatted(Fields.packedNumbers(values)))
                .packedNumbers("packed");
        for (int i = 0; i < values.length; i++) {
            assertThat(read[i]).isBetween(values[i], values[i] + Math.ulp((float) values[i]));
        }
    }

    @Test
    void whatIsNoBase64OfWholeNumbersIsRefused() {
        Fields root = parse("{\"short\": \"AAAA\", \"other\": \"?\", \"none\": true}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.packedNumbers("short"))
                .withMessage(
                        "doc.short: expected numbers, or base64 of float32, found AAAA: 3 bytes, and not 4 for each number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.packedIntegers("short"))
                .withMessage(
                        "doc.short: expected integers, or base64 of int32, found AAAA: 3 bytes, and not 4 for each number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.packedNumbers("other"))
                .withMessageStartingWith("doc.other: expected numbers, or base64 of float32, found ?: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> root.packedNumbers("none"))
                .withMessageStartingWith("doc.none: expected a string, found true");
    }

    private static Fields parse(String json) {
        return Fields.parse("doc", json.getBytes(StandardCharsets.UTF_8));
    }
}
