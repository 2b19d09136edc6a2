package io.surprisal.detector;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The packages are the data path, and the arrows between them point along it. */
class ArchitectureTest {

    private static final String ROOT = "io.surprisal.detector";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void theClassesAreReallyScanned() {
        // A rule over no classes holds; a path that changed would make every rule here empty.
        assertThat(CLASSES.stream().filter(type -> !type.getPackageName().equals(ROOT + ".onnx")))
                .hasSizeGreaterThan(60);
    }

    @Test
    void aStageKnowsOnlyTheStagesBeforeIt() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("image")
                .definedBy(ROOT + ".image")
                .layer("quantise")
                .definedBy(ROOT + ".quantise")
                .layer("density")
                .definedBy(ROOT + ".density")
                .layer("likelihood")
                .definedBy(ROOT + ".likelihood")
                .layer("statistic")
                .definedBy(ROOT + ".statistic")
                .layer("calibration")
                .definedBy(ROOT + ".calibration")
                .layer("drift")
                .definedBy(ROOT + ".drift")
                .layer("verdict")
                .definedBy(ROOT + ".verdict")
                .layer("bundle")
                .definedBy(ROOT + ".bundle")
                .layer("detector")
                .definedBy(ROOT)
                .layer("cli")
                .definedBy(ROOT + ".cli")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("detector")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("bundle")
                .mayOnlyBeAccessedByLayers("detector", "cli")
                .whereLayer("verdict")
                .mayOnlyBeAccessedByLayers("detector", "cli")
                .whereLayer("calibration")
                .mayOnlyBeAccessedByLayers("drift", "verdict", "bundle", "detector", "cli")
                .whereLayer("statistic")
                .mayOnlyBeAccessedByLayers("calibration", "verdict", "bundle", "detector", "cli")
                .whereLayer("image")
                .mayOnlyBeAccessedByLayers("quantise", "detector", "cli")
                .check(CLASSES);
    }

    @Test
    void noTwoPackagesNeedEachOther() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheDensityPackageKnowsOnnxRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".density")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .check(CLASSES);
    }

    @Test
    void onlyTheBundlePackageReadsTheOnnxSchema() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".bundle", ROOT + ".onnx")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".onnx")
                .check(CLASSES);
    }

    @Test
    void nothingNeedsAFrameworkALibtorchOrAWindowSystem() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "org.bytedeco..", "java.awt..", "javax.imageio..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineUsesPicocliAndTheStandardStreams() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(CLASSES);
    }

    @Test
    void noPackageIsAHeapOfThings() {
        classes()
                .should()
                .resideOutsideOfPackages("..util..", "..common..", "..core..", "..impl..", "..manager..", "..helper..")
                .check(CLASSES);
    }
}
