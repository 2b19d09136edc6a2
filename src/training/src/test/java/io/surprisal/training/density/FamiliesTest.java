package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.detector.quantise.ImageShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FamiliesTest {
    private static final ImageShape SHAPE = new ImageShape(3, 8, 8);

    /** What can go wrong: a hyperparameter that a network writes under another name than its family reads. */
    @Test
    void everyFamilyReadsBackWhatItsNetworksWrite() {
        ObjectMapper json = new ObjectMapper();
        for (Family family : Families.ALL) {
            Map<String, String> options = new HashMap<>(Map.of("channels", "12", "hidden", "6"));
            options.keySet()
                    .retainAll(family.hyperparameters().stream()
                            .filter(h -> h instanceof Hyperparameter.Whole)
                            .map(Hyperparameter::name)
                            .toList());
            AutoregressiveNetwork network = family.parse(SHAPE, 16, options);
            AutoregressiveNetwork again = family.read(SHAPE, 16, json.valueToTree(network.hyperparameters()));
            assertThat(network.family()).isEqualTo(family.name());
            assertThat(again.hyperparameters()).isEqualTo(network.hyperparameters());
            assertThat(again.parameters().size()).isEqualTo(network.parameters().size());
            assertThat(Families.of(family.name())).isSameAs(family);
        }
    }

    @Test
    void anOptionOfAnotherFamilyIsRefused() {
        assertThatThrownBy(() -> GatedPixelCnn.FAMILY.parse(SHAPE, 16, Map.of("mixtures", "5")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "--mixtures is no option of family gated-pixelcnn, which has --channels, --blocks, --hidden, "
                                + "--features, --dilations, --distribution");
    }

    @Test
    void aMissingHyperparameterIsRefusedByName() {
        assertThatThrownBy(() -> GatedPixelCnn.FAMILY.read(SHAPE, 16, new ObjectMapper().createObjectNode()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hyperparameter channels");
    }

    /** Weights of before there was a choice have no member for it. */
    @Test
    void whatWasWrittenBeforeThereWasAChoiceOfDistributionIsCategorical() throws Exception {
        ObjectMapper json = new ObjectMapper();
        String before = "{\"channels\": 12, \"blocks\": 1, \"hidden\": 6}";
        AutoregressiveNetwork network = PixelCnn.FAMILY.read(SHAPE, 16, json.readTree(before));
        assertThat(network.distribution()).isEqualTo(new Categorical(3, 16));
        assertThat(network.hyperparameters()).containsOnlyKeys("channels", "blocks", "hidden");

        String after = before.replace("}", ", \"distribution\": \"digits\"}");
        assertThat(PixelCnn.FAMILY.read(SHAPE, 16, json.readTree(after)).distribution())
                .isEqualTo(new ReflectedDigits(3, 16));
        String unknown = before.replace("}", ", \"distribution\": \"bits\"}");
        assertThatThrownBy(() -> PixelCnn.FAMILY.read(SHAPE, 16, json.readTree(unknown)))
                .hasMessage("expected hyperparameter distribution to be one of [categorical, digits], found bits");
    }

    @Test
    void digitsAreAnOptionOfBothPixelCnnsAndNotOfTheMixtureOverClasses() {
        Map<String, String> digits = Map.of("distribution", "digits", "channels", "12", "hidden", "6");
        for (Family family : List.of(PixelCnn.FAMILY, GatedPixelCnn.FAMILY)) {
            AutoregressiveNetwork network = family.parse(SHAPE, 256, digits);
            assertThat(network.distribution()).isEqualTo(new ReflectedDigits(3, 256));
            assertThat(network.hyperparameters()).containsEntry("distribution", "digits");
            assertThat(family.read(SHAPE, 256, new ObjectMapper().valueToTree(network.hyperparameters()))
                            .distribution())
                    .isEqualTo(network.distribution());
        }
        assertThatThrownBy(() -> ClassConditionalPixelCnn.FAMILY.parse(SHAPE, 256, digits))
                .hasMessageStartingWith("--distribution is no option of family class-conditional-pixelcnn");
    }
}
