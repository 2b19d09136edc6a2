package io.surprisal.service;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/grpc/v1/")
                    && !location.contains("/grpc/v2/")
                    && !location.contains("/envoy/v3/"))
            .importPackages("io.surprisal.service");

    @Test
    void theRulesSeeTheModule() {
        assertThat(CLASSES.size()).isGreaterThan(40);
    }

    @Test
    void noLibtorch() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void onlyTheBenchTouchesOnnxRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.onnxruntime..")
                .check(CLASSES);
    }

    @Test
    void theNativeExecutableHasNoAwt() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.imageio..")
                .check(CLASSES);
    }

    @Test
    void scoringKnowsNoTransport() {
        noClasses()
                .that()
                .resideInAnyPackage("..score..", "..batch..", "..model..", "..metrics..", "..config..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..service.http..", "..service.grpc..", "jakarta.ws.rs..", "io.grpc..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.surprisal.service.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void dependenciesComeThroughConstructors() {
        noFields().should().beAnnotatedWith(Inject.class).check(CLASSES);
    }

    @Test
    void exceptionsAreCalledExceptions() {
        classes()
                .that()
                .areAssignableTo(Throwable.class)
                .should()
                .haveSimpleNameEndingWith("Exception")
                .check(CLASSES);
    }
}
