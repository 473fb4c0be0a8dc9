/**
 * The lab: clients, directors and real servers as network namespaces on one segment, with a management link to the API
 * server, and nodes that run pods as processes. Oracles (ip, ipvsadm, tcpdump) are called as programs here; the product
 * itself never does that.
 */
@NullMarked
package io.lvsoperator.e2e.lab;

import org.jspecify.annotations.NullMarked;
