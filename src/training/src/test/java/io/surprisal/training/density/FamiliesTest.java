package io.surprisal.training.density;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.surprisal.detector.quantise.ImageShape;
import java.util.HashMap;
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
                                + "--features, --dilations");
    }

    @Test
    void aMissingHyperparameterIsRefusedByName() {
        assertThatThrownBy(() -> GatedPixelCnn.FAMILY.read(SHAPE, 16, new ObjectMapper().createObjectNode()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hyperparameter channels");
    }
}
