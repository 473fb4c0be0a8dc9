package io.lvsoperator.agent.connections;

import java.util.Optional;

/**
 * An entry of the kernel's connection table.
 *
 * @param protocol TCP, UDP, SCTP; IP for a persistence template of a firewall mark
 * @param state the kernel's word, such as ESTABLISHED; a persistence template has NONE or ASSURED and client port 0
 * @param expiresSeconds until the kernel forgets it, unless another packet comes
 * @param engine the persistence engine that it is for, such as sip
 */
public record Connection(
        String protocol,
        Endpoint client,
        Endpoint virtual,
        Endpoint realServer,
        String state,
        long expiresSeconds,
        Optional<String> engine) {}
