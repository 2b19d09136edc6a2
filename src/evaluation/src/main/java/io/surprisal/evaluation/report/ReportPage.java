package io.surprisal.evaluation.report;

import io.surprisal.detector.quantise.Levels;
import io.surprisal.evaluation.report.EvaluationReport.CalibrationSplit;
import io.surprisal.evaluation.report.EvaluationReport.Data;
import io.surprisal.evaluation.report.EvaluationReport.Model;
import io.surprisal.evaluation.report.EvaluationReport.Protocol;
import io.surprisal.evaluation.report.EvaluationReport.Surrogate;
import io.surprisal.evaluation.report.ReportTables.Table;
import io.surprisal.evaluation.score.AttackedScores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** {@code report.html}: one file with everything in it, pictures too, that can be mailed and opened without a network. */
public final class ReportPage {
    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 78rem; margin: 2rem auto; padding: 0 1rem }
            h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2.2rem }
            table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums }
            th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #ddd }
            th { vertical-align: bottom; max-width: 7rem } th:first-child, td:first-child { text-align: left }
            .wide { overflow-x: auto } .chart { width: 100% } .pixels { height: 56px; image-rendering: pixelated; display: block }
            .note { color: #555; max-width: 50rem }
            """;

    private ReportPage() {}

    /**
     * @param report the numbers
     * @param histograms a PNG file
     * @param curves a PNG file
     * @param clean example images
     * @param attacked with the same images attacked
     * @param file to write
     */
    public static void write(
            EvaluationReport report,
            Path histograms,
            Path curves,
            Levels clean,
            List<AttackedScores> attacked,
            Path file)
            throws IOException {
        StringBuilder html = new StringBuilder();
        String title =
                "Evaluation of " + report.model().name() + " " + report.model().version();
        html.append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>")
                .append(escape(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n<h1>")
                .append(escape(title))
                .append("</h1>\n");
        summary(html, report);
        List<Table> tables = ReportTables.all(report);
        table(html, tables.get(0));
        picture(html, "Histograms of bits per dimension", Files.readAllBytes(histograms));
        tables.subList(1, tables.size()).forEach(table -> table(html, table));
        picture(html, "ROC curves, all attacked images", Files.readAllBytes(curves));
        examples(html, clean, attacked);
        Files.writeString(file, html);
    }

    private static void summary(StringBuilder html, EvaluationReport report) {
        Model model = report.model();
        Data data = report.data();
        CalibrationSplit calibration = report.calibration();
        Protocol protocol = report.protocol();
        paragraph(
                html,
                "%s (model.onnx %s…) on %s: %,d clean test images, the first %,d of them attacked; %,d training images for comparison."
                        .formatted(
                                model.family(),
                                model.sha256().substring(0, 12),
                                data.name(),
                                data.cleanImages(),
                                data.attackedImages(),
                                data.trainImages()));
        paragraph(
                html,
                "Thresholds come from the %,d clean images of %s alone. %s"
                        .formatted(
                                calibration.images(),
                                calibration.name(),
                                calibration.reproduced()
                                        ? "That split was cut out of this data set again and has the bundle's hash; classifier and"
                                                + " density model saw none of it."
                                        : "That split could not be found in this data set: that it is disjoint from what is called"
                                                + " train here, and from what the classifier learnt from, is the bundle's word."));
        if (model.screened()) {
            paragraph(
                    html,
                    "A screen decides with the model: an image is ranked by the stage in which it ended and then by its score there. A score that is flagged above is that of one density, and an image that ends in a later stage is flagged whatever its score. Bits per dimension are those of the density that decided, so their means and histograms are of two densities.");
        }
        Surrogate surrogate = report.classifier().surrogate();
        if (surrogate != null) {
            paragraph(
                    html,
                    "Images of attacks named “transfer-…” were made against another classifier of the attacker's, with other layers, trained on the same images (seed %d, %s of the clean test images right); “success” is the attacked classifier's mistake."
                            .formatted(surrogate.seed(), Numbers.percent(surrogate.accuracy())));
        }
        paragraph(
                html,
                "The classifier learnt from %,d images (seed %d) and has %s of the clean test images right. PGD takes %d steps of 2.5·ε/%d from a random start. Attacked images are whole levels, within ε of the clean ones; “foreground” leaves dimensions of level 0 alone. Seed %d. “Successful” are attacked images that the classifier has wrong and had right before. Attacks named “… against …” are of one who knows the detector; the others do not, and who does will do better."
                        .formatted(
                                report.classifier().trainingImages(),
                                report.classifier().seed(),
                                Numbers.percent(report.classifier().accuracy()),
                                protocol.pgdSteps(),
                                protocol.pgdSteps(),
                                protocol.seed()));
    }

    private static void paragraph(StringBuilder html, String text) {
        html.append("<p class=\"note\">").append(escape(text)).append("</p>\n");
    }

    private static void table(StringBuilder html, Table table) {
        html.append("<h2>").append(escape(table.caption())).append("</h2>\n<div class=\"wide\"><table>\n<tr>");
        table.header().forEach(cell -> html.append("<th>").append(escape(cell)).append("</th>"));
        html.append("</tr>\n");
        for (List<String> row : table.rows()) {
            html.append("<tr>");
            row.forEach(cell -> html.append("<td>").append(escape(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</table></div>\n");
    }

    private static void picture(StringBuilder html, String caption, byte[] png) {
        html.append("<h2>").append(escape(caption)).append("</h2>\n");
        image(html, "chart", caption, png);
    }

    private static void examples(StringBuilder html, Levels clean, List<AttackedScores> attacked) throws IOException {
        html.append("<h2>Examples</h2>\n<table>\n");
        example(html, "clean", clean);
        for (AttackedScores one : attacked) {
            example(html, one.attack().title(), one.examples());
        }
        html.append("</table>\n");
    }

    private static void example(StringBuilder html, String name, Levels images) throws IOException {
        html.append("<tr><td>").append(escape(name)).append("</td><td>");
        image(html, "pixels", name, ExamplePicture.png(images));
        html.append("</td></tr>\n");
    }

    private static void image(StringBuilder html, String style, String alternative, byte[] png) {
        html.append("<img class=\"")
                .append(style)
                .append("\" alt=\"")
                .append(escape(alternative))
                .append("\" src=\"data:image/png;base64,")
                .append(Base64.getEncoder().encodeToString(png))
                .append("\">\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
