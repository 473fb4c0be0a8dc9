package io.lvsoperator.operator.status;

/**
 * Reasons of conditions, as far as they are neither refusals ({@link io.lvsoperator.operator.compile.Refusal.Reason}) nor an
 * agent's own word.
 */
public final class Reasons {
    public static final String NO_NODES_MATCH = "NoNodesMatch";
    public static final String NO_NODE_ADDRESS = "NoNodeAddress";
    public static final String NOT_ACCEPTED = "NotAccepted";
    public static final String NOT_PROGRAMMED = "NotProgrammed";
    public static final String PENDING = "Pending";
    public static final String APPLY_FAILED = "ApplyFailed";
    public static final String WITHDRAWING = "Withdrawing";
    public static final String NO_DIRECTORS = "NoDirectors";
    public static final String NO_READY_DIRECTOR = "NoReadyDirector";
    public static final String NO_ACTIVE_DIRECTOR = "NoActiveDirector";
    public static final String NO_REAL_SERVERS = "NoRealServers";
    public static final String DIRECTOR_IS_REAL_SERVER = "DirectorIsRealServer";
    public static final String VIRTUAL_ROUTER_ID_CONFLICT = "VirtualRouterIdConflict";
    public static final String NO_FREE_VIRTUAL_ROUTER_ID = "NoFreeVirtualRouterId";
    public static final String SEVERAL_ACTIVE_DIRECTORS = "SeveralActiveDirectors";
    public static final String IPVS_NOT_AVAILABLE = "IpvsNotAvailable";
    public static final String AGENTS_NOT_DEPLOYED = "AgentsNotDeployed";
    public static final String FLEET_SECRETS_NOT_WRITTEN = "FleetSecretsNotWritten";
    public static final String PASSWORD_NOT_FOUND = "PasswordNotFound";
    public static final String DIRECTOR_NOT_READY = "DirectorNotReady";
    public static final String DIRECTOR_LAGS = "DirectorLags";
    public static final String REAL_SERVER_NOT_ANSWERING = "RealServerNotAnswering";
    public static final String HASH_TABLES_DIFFER = "HashTablesDiffer";
    public static final String AS_EXPECTED = "AsExpected";
    public static final String ROLLING_OUT = "RollingOut";

    private Reasons() {}
}
