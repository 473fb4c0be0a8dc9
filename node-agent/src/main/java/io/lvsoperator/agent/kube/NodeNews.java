package io.lvsoperator.agent.kube;

import io.lvsoperator.agent.answering.NotAnswering;
import io.lvsoperator.agent.answering.RealServer;
import io.lvsoperator.agent.apply.Report;
import io.lvsoperator.agent.desired.Problem;
import io.lvsoperator.agent.heartbeat.HeartbeatStatus;
import io.lvsoperator.agent.heartbeat.peers.Complaint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a pass gives to say, compared with what was said of the passes before. For one thread. */
public final class NodeNews {
    /** Services or changes in a message. */
    private static final int NAMED = 5;

    private boolean problematic;
    private Set<Problem> disturbances = Set.of();
    private Set<RealServer> silent = Set.of();
    private Set<String> disagreements = Set.of();

    /** Something to say. */
    public record Item(NodeEvents.Reason reason, String message) {}

    /**
     * The news of a pass.
     *
     * @param disturbing what works against the node's services
     * @param notAnswering real servers that do not answer
     */
    public List<Item> of(Report report, List<Problem> disturbing, List<NotAnswering> notAnswering) {
        List<Item> news = new ArrayList<>();
        ofChanges(report, news);
        ofProblems(report, news);
        ofDisturbances(disturbing, news);
        ofRealServers(notAnswering, news);
        return news;
    }

    /** The news of the other directors. */
    public List<Item> ofPeers(HeartbeatStatus heartbeats) {
        Set<String> now =
                heartbeats.complaints().stream().map(Complaint::message).collect(Collectors.toSet());
        List<Item> news = now.stream()
                .filter(message -> !disagreements.contains(message))
                .sorted()
                .map(message -> new Item(NodeEvents.Reason.PEERS_DISAGREE, message))
                .toList();
        disagreements = now;
        return news;
    }

    private static void ofChanges(Report report, List<Item> news) {
        if (report.drift()) {
            int changes =
                    report.done().values().stream().mapToInt(Integer::intValue).sum();
            news.add(new Item(
                    NodeEvents.Reason.DRIFT_REPAIRED,
                    "somebody changed the kernel; put right: " + some(report.first(), changes)));
        }
        if (!report.adopted().isEmpty()) {
            List<String> adopted =
                    report.adopted().stream().map(Object::toString).sorted().toList();
            news.add(new Item(
                    NodeEvents.Reason.SERVICE_ADOPTED,
                    "took over, in place, what stood in the kernel already: " + some(adopted, adopted.size())));
        }
    }

    private void ofProblems(Report report, List<Item> news) {
        List<Item> problems = new ArrayList<>();
        report.nodeProblem().ifPresent(p -> problems.add(notProgrammed(p.message())));
        report.fleetProblems()
                .forEach((fleet, p) -> problems.add(notProgrammed("fleet " + fleet + ": " + p.message())));
        report.sliceProblems().forEach((slice, p) -> problems.add(notProgrammed(slice + ": " + p.message())));
        report.settingProblems().values().forEach(p -> problems.add(notProgrammed(p.message())));
        report.untracked().problem().ifPresent(p -> problems.add(notProgrammed(p.message())));
        report.sync().problem().ifPresent(p -> problems.add(notProgrammed(p.message())));
        news.addAll(problems);
        if (problematic && problems.isEmpty()) {
            news.add(
                    new Item(NodeEvents.Reason.PROGRAMMED_AGAIN, "the node is programmed as its roles and slices ask"));
        }
        problematic = !problems.isEmpty();
    }

    private static Item notProgrammed(String message) {
        return new Item(NodeEvents.Reason.NOT_PROGRAMMED, message);
    }

    private void ofDisturbances(List<Problem> disturbing, List<Item> news) {
        disturbing.stream()
                .filter(problem -> !disturbances.contains(problem))
                .forEach(problem -> news.add(new Item(NodeEvents.Reason.DISTURBED, problem.message())));
        disturbances = Set.copyOf(disturbing);
    }

    private void ofRealServers(List<NotAnswering> notAnswering, List<Item> news) {
        Map<RealServer, NotAnswering> now = new LinkedHashMap<>();
        notAnswering.forEach(found -> now.put(found.realServer(), found));
        now.forEach((realServer, found) -> {
            if (!silent.contains(realServer)) {
                news.add(new Item(NodeEvents.Reason.REAL_SERVER_NOT_ANSWERING, found.toString()));
            }
        });
        silent.stream()
                .filter(realServer -> !now.containsKey(realServer))
                .forEach(realServer -> news.add(new Item(
                        NodeEvents.Reason.REAL_SERVER_ANSWERS_AGAIN,
                        "real server " + realServer + " answers again, or nobody asks it any more")));
        silent = Set.copyOf(now.keySet());
    }

    private static String some(List<String> things, int all) {
        String first = things.stream().limit(NAMED).collect(Collectors.joining(", "));
        return all <= NAMED ? first : first + " and " + (all - NAMED) + " more";
    }
}
