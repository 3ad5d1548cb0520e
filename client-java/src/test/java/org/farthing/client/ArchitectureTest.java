package org.farthing.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.farthing.testing.HouseRules;

@AnalyzeClasses(packages = "org.farthing.client", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule secureRandomness = HouseRules.ONLY_SECURE_RANDOMNESS;

    @ArchTest
    static final ArchRule noHiddenClock = HouseRules.NO_HIDDEN_CLOCK;

    @ArchTest
    static final ArchRule noForeignTypeInSignatures = HouseRules.NO_FOREIGN_TYPE_IN_PUBLIC_SIGNATURES;

    @ArchTest
    static final ArchRule noJunkDrawers = HouseRules.NO_JUNK_DRAWERS;

    @ArchTest
    static final ArchRule noCircles =
            slices().matching("org.farthing.client.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule thePayerKnowsNoServer = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.farthing.server..", "org.farthing.conformance..", "org.eclipse.jetty.server..");

    @ArchTest
    static final ArchRule onlyTheAdapterKnowsJetty = noClasses()
            .that()
            .resideOutsideOfPackage("org.farthing.client.jetty..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.jetty..", "org.farthing.client.jetty..");

    /** A link of a server's is shown, never opened (spec/problems.md, F-PR-31; T52). */
    @ArchTest
    static final ArchRule nothingIsOpenedOrStarted = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder")
            .orShould()
            .callMethod(Runtime.class, "getRuntime")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.awt..");

    @ArchTest
    static final ArchRule theCommandLineIsOnTop = noClasses()
            .that()
            .resideOutsideOfPackage("org.farthing.client.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.farthing.client.app..", "picocli..");
}
