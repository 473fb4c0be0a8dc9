package io.lvsoperator.e2e.lab;

import java.util.List;

/**
 * What a program did.
 *
 * @param command the command line
 * @param exit its exit status
 * @param out its standard output
 * @param err its standard error
 */
public record CommandResult(List<String> command, int exit, String out, String err) {

    public CommandResult {
        command = List.copyOf(command);
    }

    /**
     * This result, which must be a success.
     *
     * @throws CommandFailedException with everything that is known, when the exit status is not 0
     */
    public CommandResult requireSuccess() {
        if (exit != 0) {
            throw new CommandFailedException(this);
        }
        return this;
    }
}
