package io.surprisal.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.surprisal.training");

    @Test
    void theModuleIsScanned() {
        assertThat(CLASSES.size()).isGreaterThan(40);
    }

    @Test
    void dataKnowsNoLibtorch() {
        noClasses()
                .that()
                .resideInAPackage("..training.data..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void theArrowsPointFromCommandsToBundlesToNetworks() {
        noClasses()
                .that()
                .resideInAnyPackage("..training.data..", "..training.weights..", "..training.density..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..training.fit..", "..training.onnx..", "..training.bundle..", "..training.cli..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("..training.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..training.cli..")
                .check(CLASSES);
    }

    /** But for a graph that no bundle may hold: one that shows its inner tensors. */
    @Test
    void onlyTheDetectorHoldsSessionsOfOnnxRuntime() {
        noClasses()
                .that()
                .doNotHaveSimpleName("ActivationRanges")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .check(CLASSES);
    }
}
