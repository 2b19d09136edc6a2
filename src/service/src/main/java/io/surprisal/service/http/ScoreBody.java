package io.surprisal.service.http;

import io.surprisal.service.score.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Images as JSON: {@code {"images":[{"data": "<base64>"}]}}.
 *
 * @param images one or more
 */
@Schema(
        description = "Images to score, all with the same model.",
        requiredProperties = "images",
        examples = "{\"images\":[{\"data\":\"iVBORw0KGgoAAAANSUhEUgAA…\"}]}")
public record ScoreBody(@Nullable List<@Nullable Image> images) {
    /**
     * One image file.
     *
     * @param data the file as it is, in base64
     */
    @Schema(requiredProperties = "data")
    public record Image(
            @Schema(description = "A PNG or JPEG file in base64.", type = SchemaType.STRING, format = "byte")
            byte @Nullable [] data) {}

    List<byte[]> encoded() {
        if (images == null) {
            throw new InvalidRequestException("expected {\"images\":[{\"data\": base64}]}, got no images");
        }
        List<byte[]> encoded = new ArrayList<>(images.size());
        for (Image image : images) {
            byte[] data = image == null ? null : image.data();
            if (data == null) {
                throw new InvalidRequestException("expected each image to have its data in base64, image %d has none"
                        .formatted(encoded.size() + 1));
            }
            encoded.add(data);
        }
        return encoded;
    }
}
