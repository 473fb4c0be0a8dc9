package io.lvsoperator.agent.answering;

import io.lvsoperator.agent.ipvs.Statistics;

/**
 * How the connections of a real server stand at one moment.
 *
 * @param waiting in SYN_RECV: the client has asked for a connection, and the director has not seen it come about
 * @param passed that have got beyond that
 * @param statistics what the kernel has counted for the real server
 */
record Sample(long waiting, long passed, Statistics statistics) {}
