package org.farthing.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.net.Socket;
import java.net.URLConnection;
import org.farthing.protocol.MalformedException;
import org.farthing.testing.HouseRules;
import org.farthing.testing.Requirement;

/** The walls of the protocol module: who may lean on whom, and what must stay outside. */
@AnalyzeClasses(packages = "org.farthing.protocol", importOptions = ImportOption.DoNotIncludeTests.class)
@Requirement("T66")
class ArchitectureTest {

    private static final String PROTOCOL = "org.farthing.protocol";

    /** {@link MalformedException} is everybody's: the one error, declared with the nouns because callers see it. */
    @ArchTest
    static final ArchRule internal_standsOnNothingOfOurs = noClasses()
            .that()
            .resideInAPackage(PROTOCOL + ".internal..")
            .should()
            .dependOnClassesThat(resideInAPackage(PROTOCOL + "..")
                    .and(not(resideInAPackage(PROTOCOL + ".internal..")))
                    .and(not(belongToAnyOf(MalformedException.class, MalformedException.Fault.class))));

    @ArchTest
    static final ArchRule nouns_standOnInternalOnly = classes()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage(PROTOCOL, PROTOCOL + ".internal..", "java..", "org.jspecify.."));

    @ArchTest
    static final ArchRule rooms_formNoCircle =
            slices().matching(PROTOCOL + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule bindingAndSignature_knowNothingAbove = noClasses()
            .that()
            .resideInAnyPackage(PROTOCOL + ".binding..", PROTOCOL + ".signature..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PROTOCOL + ".wallet..", PROTOCOL + ".session..", PROTOCOL + ".token..");

    @ArchTest
    static final ArchRule protocol_doesNoInputOrOutput = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.nio.file..", "java.nio.channels..", "java.net.http..", "java.sql..", "org.eclipse.jetty..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(File.class, FileInputStream.class, FileOutputStream.class, Socket.class, URLConnection.class)
            .because("the protocol is bytes in, values out");

    @ArchTest
    static final ArchRule randomness = HouseRules.ONLY_SECURE_RANDOMNESS;

    @ArchTest
    static final ArchRule clock = HouseRules.NO_HIDDEN_CLOCK;

    @ArchTest
    static final ArchRule signatures = HouseRules.NO_FOREIGN_TYPE_IN_PUBLIC_SIGNATURES;

    @ArchTest
    static final ArchRule drawers = HouseRules.NO_JUNK_DRAWERS;
}
