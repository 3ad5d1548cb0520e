package org.farthing.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.farthing.testing.HouseRules;

/** The walls of the server: who may lean on whom, and what stays in one room. */
@AnalyzeClasses(packages = "org.farthing.server", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule secureRandomness = HouseRules.ONLY_SECURE_RANDOMNESS;

    @ArchTest
    static final ArchRule noForeignTypeInSignatures = HouseRules.NO_FOREIGN_TYPE_IN_PUBLIC_SIGNATURES;

    @ArchTest
    static final ArchRule noJunkDrawers = HouseRules.NO_JUNK_DRAWERS;

    @ArchTest
    static final ArchRule noHiddenClock = HouseRules.NO_HIDDEN_CLOCK;

    @ArchTest
    static final ArchRule noCircles =
            slices().matching("org.farthing.server.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule everyRoomStandsOnThoseBelow = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("offer")
            .definedBy("org.farthing.server.offer..")
            .layer("ledger")
            .definedBy("org.farthing.server.ledger..")
            .layer("keys")
            .definedBy("org.farthing.server.keys..")
            .layer("trust")
            .definedBy("org.farthing.server.trust..")
            .layer("method")
            .definedBy("org.farthing.server.method..")
            .layer("token")
            .definedBy("org.farthing.server.token..")
            .layer("mint")
            .definedBy("org.farthing.server.mint..")
            .layer("gate")
            .definedBy("org.farthing.server.gate..")
            .layer("collect")
            .definedBy("org.farthing.server.collect..")
            .layer("jetty")
            .definedBy("org.farthing.server.jetty..")
            .layer("app")
            .definedBy("org.farthing.server.app..")
            .whereLayer("offer")
            .mayNotAccessAnyLayer()
            .whereLayer("ledger")
            .mayNotAccessAnyLayer()
            .whereLayer("keys")
            .mayNotAccessAnyLayer()
            .whereLayer("trust")
            .mayNotAccessAnyLayer()
            .whereLayer("method")
            .mayOnlyAccessLayers("offer", "ledger")
            .whereLayer("token")
            .mayOnlyAccessLayers("offer", "ledger", "method")
            .whereLayer("mint")
            .mayOnlyAccessLayers("ledger", "keys", "token")
            .whereLayer("gate")
            .mayOnlyAccessLayers("offer", "ledger", "method")
            .whereLayer("collect")
            .mayOnlyAccessLayers("ledger", "gate")
            .whereLayer("jetty")
            .mayOnlyAccessLayers("offer", "ledger", "method", "gate", "collect", "keys", "trust", "token", "mint");

    @ArchTest
    static final ArchRule theCommandLineIsOnTop = noClasses()
            .that()
            .resideOutsideOfPackage("org.farthing.server.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.farthing.server.app..",
                    "org.farthing.client..",
                    "picocli..",
                    "org.commonmark..",
                    "java.net.http..");

    @ArchTest
    static final ArchRule sqlStaysInTheLedger = noClasses()
            .that()
            .resideOutsideOfPackage("org.farthing.server.ledger..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..");

    @ArchTest
    static final ArchRule theServerIsOneRoomsAffair = noClasses()
            .that()
            .resideOutsideOfPackages("org.farthing.server.jetty..", "org.farthing.server.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.jetty.server..");

    @ArchTest
    static final ArchRule connectionsAreMadeInTwoRooms = noClasses()
            .that()
            .resideOutsideOfPackages("org.farthing.server.trust..", "org.farthing.server.collect..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.jetty.client..");

    @ArchTest
    static final ArchRule socketsStayWithJetty = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "org.farthing.server.jetty..",
                    "org.farthing.server.app..",
                    "org.farthing.server.trust..",
                    "org.farthing.server.collect..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.eclipse.jetty.io..");

    @ArchTest
    static final ArchRule noLoggingBinding =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("ch.qos.logback..");
}
