package io.surprisal.service.gate;

import java.util.Set;
import java.util.regex.Pattern;

/** What is known of gRPC methods by their names. */
public final class GrpcMethods {
    private static final String SERVICE = "/inference.GRPCInferenceService/";
    private static final Set<String> WITH_IMAGES = Set.of(SERVICE + "ModelInfer", SERVICE + "ModelStreamInfer");
    private static final Pattern OTHERS = Pattern.compile(
            "/(inference\\.GRPCInferenceService|grpc\\.health\\.v1\\.Health|grpc\\.reflection\\.v1(alpha)?\\.ServerReflection)/[A-Za-z]+");

    private GrpcMethods() {}

    /** Whether calls of a method bring no images for sure: health, reflection, metadata. */
    public static boolean bringsNoImages(String path) {
        return OTHERS.matcher(path).matches() && !WITH_IMAGES.contains(path);
    }

    /** Whether a method is none whose calls come one by one and can be judged. */
    public static boolean streams(String path) {
        return !path.equals(SERVICE + "ModelInfer");
    }
}
