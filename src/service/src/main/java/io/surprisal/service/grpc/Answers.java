package io.surprisal.service.grpc;

import io.surprisal.detector.verdict.Assessment;
import io.surprisal.detector.verdict.Verdict;
import io.surprisal.service.grpc.v1.ScoreResponse;
import io.surprisal.service.grpc.v1.StatisticResult;
import io.surprisal.service.score.Scored;

/** Verdicts as messages. */
final class Answers {
    private Answers() {}

    static ScoreResponse of(Scored scored) {
        ScoreResponse.Builder response = ScoreResponse.newBuilder()
                .setModel(scored.model().manifest().name())
                .setVersion(scored.model().manifest().version());
        scored.verdicts().forEach(verdict -> response.addVerdicts(of(verdict)));
        return response.build();
    }

    private static io.surprisal.service.grpc.v1.Verdict of(Verdict verdict) {
        Assessment assessment = verdict.assessment();
        io.surprisal.service.grpc.v1.Verdict.Builder message = io.surprisal.service.grpc.v1.Verdict.newBuilder()
                .setFlagged(verdict.flagged())
                .setReason(verdict.reason())
                .setBitsPerDimension(assessment.logLikelihood().bitsPerDimension())
                .setLogLikelihoodNats(assessment.logLikelihood().nats())
                .setPValue(assessment.decisive().pValue().value())
                .setFalsePositiveRate(assessment.falsePositiveRate())
                .setScreened(assessment.screened());
        assessment
                .statistics()
                .forEach(result -> message.addStatistics(StatisticResult.newBuilder()
                        .setName(result.name())
                        .setValue(result.value())
                        .setPValue(result.pValue().value())));
        return message.build();
    }
}
