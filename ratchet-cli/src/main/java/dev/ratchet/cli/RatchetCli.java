package dev.ratchet.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The entry point of the application: {@code ratchet COMMAND [OPTION...]}. */
@Command(
        name = "ratchet",
        description = "Runs JavaScript tasks in isolated worker processes.",
        mixinStandardHelpOptions = true,
        versionProvider = RatchetCli.Version.class)
public final class RatchetCli implements Runnable {
    private RatchetCli() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command, its options and arguments
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new RatchetCli()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    /** The version Maven built, as written beside this class. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            Properties version = new Properties();
            try (InputStream file = RatchetCli.class.getResourceAsStream("version.properties")) {
                if (file == null) {
                    throw new IllegalStateException("version.properties is missing from the jar of the command line");
                }
                version.load(file);
            }
            return new String[] {"ratchet " + version.getProperty("version")};
        }
    }
}
