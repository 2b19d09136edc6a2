package io.surprisal.audit;

import io.surprisal.detector.Detector;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.image.UnreadableImageException;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Files to outcomes, in batches. A file that is no image, or on which the model fails, costs no other file its verdict. */
record ImageJudge(Detector detector, Decision decision) {

    /** What became of one file. */
    sealed interface Outcome {
        String path();
    }

    record Judged(String path, Verdict verdict) implements Outcome {}

    /** Nothing can be said; never the same as accepted. */
    record Failed(String path, String error) implements Outcome {}

    private record Decoded(String path, Levels image) {}

    /** One outcome a file; those that could not be read come first. */
    List<Outcome> judge(List<ImageFile> files) {
        List<Outcome> outcomes = new ArrayList<>(files.size());
        List<Decoded> images = new ArrayList<>(files.size());
        for (ImageFile file : files) {
            switch (file) {
                case ImageFile.Unreadable(String path, String error) -> outcomes.add(new Failed(path, error));
                case ImageFile.Read(String path, byte[] bytes) -> {
                    try {
                        images.add(new Decoded(path, detector.read(List.of(bytes))));
                    } catch (UnreadableImageException e) {
                        outcomes.add(new Failed(path, String.valueOf(e.getMessage())));
                    }
                }
            }
        }
        if (!images.isEmpty()) {
            outcomes.addAll(examine(images));
        }
        return outcomes;
    }

    private List<Outcome> examine(List<Decoded> images) {
        try {
            List<Verdict> verdicts = detector.examine(
                    Levels.concat(images.stream().map(Decoded::image).toList()), decision);
            List<Outcome> outcomes = new ArrayList<>(images.size());
            for (int i = 0; i < images.size(); i++) {
                outcomes.add(new Judged(images.get(i).path(), verdicts.get(i)));
            }
            return outcomes;
        } catch (InferenceException e) {
            if (images.size() == 1) {
                return List.of(new Failed(images.getFirst().path(), String.valueOf(e.getMessage())));
            }
            return images.stream()
                    .flatMap(image -> examine(List.of(image)).stream())
                    .toList();
        }
    }
}
