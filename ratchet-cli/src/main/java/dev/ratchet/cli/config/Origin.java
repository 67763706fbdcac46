package dev.ratchet.cli.config;

import dev.ratchet.core.common.Problem;

/** Where a value came from. */
sealed interface Origin {
    /** Nobody set it. */
    record Initial(String pointer) implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }

    /** A file, with the line counted from one; 0 where it is not known. */
    record InFile(String file, String pointer, int line) implements Origin {
        @Override
        public String toString() {
            return line == 0 ? file : file + ":" + line;
        }
    }

    /** An environment variable. */
    record Variable(String name) implements Origin {
        @Override
        public String toString() {
            return name;
        }
    }

    /** An option of the command. */
    record Option(String name) implements Origin {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A reference that stands at {@code at} and was followed to {@code target}. */
    record Followed(Origin at, String target) implements Origin {
        @Override
        public String toString() {
            return at + ", from " + target;
        }
    }

    /** A problem with the value that stands here. */
    default Problem problem(String message) {
        return switch (this) {
            case Initial(String pointer) -> new Problem("configuration", pointer, message);
            case InFile(String file, String pointer, int _) -> new Problem(file, pointer, message);
            case Variable(String name) -> Problem.of(name, message);
            case Option(String name) -> Problem.of(name, message);
            case Followed(Origin at, String _) -> at.problem(message);
        };
    }
}
