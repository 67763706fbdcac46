package dev.ratchet.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The shape of the whole, as far as Maven's module graph cannot state it. This module sees every class. */
@AnalyzeClasses(
        packages = "dev.ratchet",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.WithoutTestJars.class})
class ArchitectureTest {
    private static final List<String> ADAPTERS = List.of("storage", "execution", "api", "mcp", "registry");

    /** What the assembly may use: the base package of each adapter, and these of execution. */
    private static final String[] OPEN_PACKAGES = {
        "dev.ratchet.storage",
        "dev.ratchet.execution",
        "dev.ratchet.execution.delivery",
        "dev.ratchet.execution.http",
        "dev.ratchet.execution.schema",
        "dev.ratchet.execution.recording",
        "dev.ratchet.execution.testing",
        "dev.ratchet.api",
        "dev.ratchet.mcp",
        "dev.ratchet.registry"
    };

    private static final String WORKER = "dev.ratchet.execution.worker..";
    private static final String PROTOCOL = "dev.ratchet.execution.protocol..";
    /** URL parsing, for both sides; its tables of international names come with the engine. */
    private static final String URLS = "dev.ratchet.execution.url..";

    @ArchTest
    static void adaptersKnowOnlyCore(JavaClasses all) {
        for (String adapter : ADAPTERS) {
            noClasses()
                    .that()
                    .resideInAPackage("dev.ratchet." + adapter + "..")
                    .should()
                    .dependOnClassesThat(resideInAPackage("dev.ratchet..")
                            .and(resideOutsideOfPackage("dev.ratchet.core.."))
                            .and(resideOutsideOfPackage("dev.ratchet." + adapter + "..")))
                    .because("the modules form a star: an adapter that knows another cannot be replaced alone")
                    .check(all);
        }
    }

    @ArchTest
    static void adaptersKeepTheirOtherPackagesToThemselves(JavaClasses all) {
        for (String adapter : ADAPTERS) {
            String module = "dev.ratchet." + adapter + "..";
            noClasses()
                    .that()
                    .resideOutsideOfPackage(module)
                    .should()
                    .dependOnClassesThat(resideInAPackage(module).and(not(resideInAnyPackage(OPEN_PACKAGES))))
                    .because(
                            "what a module does not offer may change at any time; docs/architecture.md says what it offers")
                    .check(all);
        }
    }

    @ArchTest
    static final ArchRule coreDependsOnNobody = noClasses()
            .that()
            .resideInAPackage("dev.ratchet.core..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.ratchet..")
                    .and(resideOutsideOfPackage("dev.ratchet.core.."))
                    .or(resideInAnyPackage(
                            "tools.jackson..",
                            "com.fasterxml.jackson..",
                            "org.springframework..",
                            "jakarta..",
                            "org.graalvm..")))
            .because("core is the domain in plain Java: JSON crosses it as text, frameworks stay at the edges");

    @ArchTest
    static final ArchRule workerSeesOnlyWhatIsOnItsClassPath = classes()
            .that()
            .resideInAnyPackage(WORKER, PROTOCOL, URLS)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    WORKER, PROTOCOL, URLS, "org.graalvm..", "org.jspecify.annotations..", "java..", "javax.."))
            .because("a worker starts with a short, fixed class path and must not need the parent's classes");

    @ArchTest
    static final ArchRule nobodyCallsTheWorker = noClasses()
            .that()
            .resideOutsideOfPackage(WORKER)
            .should()
            .dependOnClassesThat(resideInAPackage(WORKER))
            .because("the two sides of the process boundary meet only in the protocol");

    @ArchTest
    static final ArchRule protocolKnowsNeitherSide = noClasses()
            .that()
            .resideInAPackage(PROTOCOL)
            .should()
            .dependOnClassesThat(resideInAPackage("dev.ratchet..").and(resideOutsideOfPackage(PROTOCOL)))
            .because("both sides must be able to read a message");

    @ArchTest
    static final ArchRule polyglotOnlyInTheWorker = noClasses()
            .that()
            .resideOutsideOfPackage(WORKER)
            .should()
            .dependOnClassesThat(
                    resideInAPackage("org.graalvm..").and(resideOutsideOfPackage("org.graalvm.shadowed..")))
            .because("a task's code never runs in the process that holds the secrets and the network");

    @ArchTest
    static final ArchRule commandsStartWithoutSpring = noClasses()
            .that()
            .resideInAPackage("dev.ratchet.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..")
            .because("a command has to answer before a Spring context could have started");

    @ArchTest
    static final ArchRule onlyServingTouchesTheServer = noClasses()
            .that()
            .resideOutsideOfPackage("dev.ratchet.server..")
            .and()
            .doNotHaveFullyQualifiedName("dev.ratchet.cli.ServeCommand")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.ratchet.server")
                    .or(resideInAnyPackage("dev.ratchet.server.wiring..", "dev.ratchet.server.web..")))
            .because("the other commands must not pay for Spring, not even by accident");

    @ArchTest
    static final ArchRule beansAreGivenByConstructor = noFields()
            .should()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
            .orShould()
            .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
            .because("what a class needs is in its constructor, and settings come as records");

    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .should(callMethodWhere(sleeps()))
            .because("a sleep is either too short or too long: wait for the condition itself");

    @ArchTest
    static final ArchRule timeIsPassedIn = noClasses()
            .that()
            .resideOutsideOfPackage("dev.ratchet.cli..")
            .and()
            .doNotHaveFullyQualifiedName("dev.ratchet.execution.worker.WorkerMain")
            .should(callMethodWhere(readsTheClock()))
            .because("whoever reads the clock himself cannot be replayed or tested; only the entry points of the two"
                    + " programs do, and everything else takes an InstantSource");

    @ArchTest
    static final ArchRule logsGoThroughSlf4j = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.logging..")
            .because("one log with one configuration: SLF4J");

    @ArchTest
    static final ArchRule onlyCommandsAndWorkersPrint = noClasses()
            .that()
            .resideOutsideOfPackages("dev.ratchet.cli..", WORKER)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("standard output belongs to the result of a command");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("dev.ratchet.(**)")
            .should()
            .beFreeOfCycles()
            .because("packages in a cycle are one package that nobody can read in parts");

    @ArchTest
    static final ArchRule packagesAreNullMarked = classes()
            .that(describe("are not package-info", type -> !isPackageInfo(type)))
            .should(resideInANullMarkedPackage());

    /** Tests of the other modules are not on the class path, so their sources are read instead. */
    @Test
    void testsDoNotSleepEither() throws IOException {
        Path root = Path.of("..").toRealPath();
        Set<String> sleepers = new TreeSet<>();

        try (var modules = Files.newDirectoryStream(root, "ratchet-*")) {
            for (Path module : modules) {
                Path tests = module.resolve("src/test/java");
                if (!Files.isDirectory(tests)) {
                    continue;
                }
                try (var files = Files.walk(tests)) {
                    for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                            .toList()) {
                        if (Files.readString(file).contains("Thread." + "sleep(")) {
                            sleepers.add(root.relativize(file).toString());
                        }
                    }
                }
            }
        }

        assertThat(sleepers).isEmpty();
    }

    private static boolean isPackageInfo(JavaClass type) {
        return type.getSimpleName().equals("package-info");
    }

    private static DescribedPredicate<JavaCall<?>> sleeps() {
        return describe(
                "target is Thread.sleep",
                call -> call.getTargetOwner().isEquivalentTo(Thread.class)
                        && call.getTarget().getName().equals("sleep"));
    }

    private static DescribedPredicate<JavaCall<?>> readsTheClock() {
        return describe("target reads the system clock", call -> {
            String owner = call.getTargetOwner().getName();
            String name = call.getTarget().getName();
            return (owner.startsWith("java.time.") && (name.equals("now") || name.startsWith("system")))
                    || (owner.equals("java.lang.System") && name.equals("currentTimeMillis"));
        });
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package whose package-info is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(
                        type,
                        marked,
                        type.getPackageName() + " of " + type.getSimpleName()
                                + (marked ? " is null-marked" : " has no @NullMarked package-info.java")));
            }
        };
    }

    /** Leaves out the test jar of core. */
    static final class WithoutTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }
}
