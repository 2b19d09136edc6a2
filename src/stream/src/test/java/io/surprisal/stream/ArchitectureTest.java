package io.surprisal.stream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.surprisal.stream");

    @Test
    void theRulesSeeTheWholeModule() {
        assertThat(CLASSES.size()).isGreaterThan(15);
    }

    @Test
    void onnxRuntimeStaysBehindTheDetector() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..", "org.bytedeco..")
                .check(CLASSES);
    }

    @Test
    void judgingKnowsNoConnector() {
        noClasses()
                .that()
                .haveSimpleName("ImageJudge")
                .or()
                .haveSimpleNameStartingWith("Outcome")
                .or()
                .haveSimpleName("Workers")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.smallrye.reactive..", "io.vertx..", "org.eclipse.microprofile.reactive..")
                .check(CLASSES);
    }

    @Test
    void dependenciesComeThroughConstructors() {
        noFields().should().beAnnotatedWith(Inject.class).check(CLASSES);
    }
}
