package io.lvsoperator.e2e.lab;

/** A program of the lab ended with an exit status other than 0. */
public class CommandFailedException extends RuntimeException {

    public CommandFailedException(CommandResult result) {
        super("%s ended with %d%nstdout: %s%nstderr: %s"
                .formatted(
                        String.join(" ", result.command()),
                        result.exit(),
                        result.out().strip(),
                        result.err().strip()));
    }
}
