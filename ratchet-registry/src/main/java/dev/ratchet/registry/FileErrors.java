package dev.ratchet.registry;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;

/** Words for errors of the file system, whose own messages are often only a path. */
final class FileErrors {
    private FileErrors() {}

    static String describe(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "does not exist";
            case AccessDeniedException _ -> "cannot be read: permission denied";
            case FileSystemLoopException _ -> "is a link that leads back to itself";
            default -> "cannot be read: " + reason(e);
        };
    }

    /** The system's own words. */
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "it exists already";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
