package dev.ratchet.registry;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.task.SchemaCompiler;
import java.util.List;

/** Accepts every schema but those that mention {@code "bad"}; the real compiler has its own tests. */
final class AcceptingSchemas implements SchemaCompiler {
    @Override
    public Compilation compile(String source, JsonText schema) {
        return schema.value().contains("\"bad\"")
                ? new Compilation.Rejected(List.of(new Problem(source, "/properties/x/type", "no such type: bad")))
                : new Compilation.Compiled((_, _) -> List.of());
    }
}
