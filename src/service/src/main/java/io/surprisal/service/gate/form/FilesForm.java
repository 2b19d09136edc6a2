package io.surprisal.service.gate.form;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import io.surprisal.service.gate.GatedRequest;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.InvalidRequestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Image files: one as the body, or several as parts of a form.
 *
 * @param fields names of parts that are no files; any other such part is refused, since it might be an image
 */
record FilesForm(List<String> fields) implements Form {
    private static final Set<String> FILES = Set.of("image/png", "image/jpeg", "application/octet-stream");
    private static final String MULTIPART = "multipart/form-data";

    @Override
    public boolean fits(GatedRequest request) {
        return FILES.contains(request.mediaType()) || request.mediaType().equals(MULTIPART);
    }

    @Override
    public Images images(GatedRequest request) {
        return new Images.Encoded(request.mediaType().equals(MULTIPART) ? parts(request) : List.of(request.body()));
    }

    private List<byte[]> parts(GatedRequest request) {
        DefaultFullHttpRequest form = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(request.body()));
        HttpPostMultipartRequestDecoder decoder = null;
        try {
            form.headers().set(HttpHeaderNames.CONTENT_TYPE, String.valueOf(request.header("content-type")));
            decoder = new HttpPostMultipartRequestDecoder(new DefaultHttpDataFactory(false), form);
            List<byte[]> files = new ArrayList<>();
            for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
                if (part instanceof FileUpload file && file.isCompleted()) {
                    files.add(file.get());
                } else if (!fields.contains(part.getName())) {
                    throw new InvalidRequestException("expected image files as the parts of a form, got part "
                            + part.getName() + " without a file name");
                }
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the bytes are in memory
        } catch (InvalidRequestException e) {
            throw e;
        } catch (RuntimeException e) { // the decoder's own exceptions, of which there are many
            throw new InvalidRequestException(
                    "expected multipart/form-data, got a body that is not: " + e.getMessage());
        } finally {
            if (decoder != null) {
                decoder.destroy();
            }
        }
    }
}
