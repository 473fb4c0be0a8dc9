package io.lvsoperator.agent.firewall;

import io.lvsoperator.agent.nativeaccess.NotFromC;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The registers of a rule as far as their contents are known, in hexadecimal. The kernel has four bytes to a register; the older
 * numbers 1 to 4 stand for four of them each.
 */
public final class Registers {
    @NotFromC("hexadecimal digits of a register")
    private static final int DIGITS = 2 * NfTables.NFT_REG32_SIZE;

    @NotFromC("registers in one of the older numbers")
    private static final int IN_ONE = NfTables.NFT_REG_SIZE / NfTables.NFT_REG32_SIZE;

    private final Map<Integer, String> contents = new HashMap<>();

    /** Bytes that a value takes. */
    static int aligned(int length) {
        return (length + NfTables.NFT_REG32_SIZE - 1) / NfTables.NFT_REG32_SIZE * NfTables.NFT_REG32_SIZE;
    }

    /** The number for the register that begins at that byte, as the kernel itself gives it. */
    static int number(int offset) {
        return offset % NfTables.NFT_REG_SIZE == 0
                ? NfTables.NFT_REG_1 + offset / NfTables.NFT_REG_SIZE
                : NfTables.NFT_REG32_00 + offset / NfTables.NFT_REG32_SIZE;
    }

    private static int index(int register) {
        return register <= NfTables.NFT_REG_4
                ? (register - NfTables.NFT_REG_1) * IN_ONE
                : register - NfTables.NFT_REG32_00;
    }

    /** Puts a value there, and zeros behind it up to the next register. */
    public void put(int register, String value) {
        var index = index(register);
        for (var at = 0; at < value.length(); at += DIGITS) {
            var part = value.substring(at, Math.min(at + DIGITS, value.length()));
            contents.put(index++, part + "0".repeat(DIGITS - part.length()));
        }
    }

    /** Something unknown, of unknown length, is there now. */
    public void forget(int register) {
        var first = index(register);
        contents.keySet().removeIf(index -> index >= first && index < first + IN_ONE);
    }

    /** That many hexadecimal digits from there on; empty unless all are known. */
    public Optional<String> get(int register, int digits) {
        var value = new StringBuilder();
        for (var index = index(register); value.length() < digits; index++) {
            var part = contents.get(index);
            if (part == null) {
                return Optional.empty();
            }
            value.append(part);
        }
        return Optional.of(value.substring(0, digits));
    }
}
