package dev.ratchet.execution.worker;

class GraalScriptEngineTest extends ScriptEngineContract {
    @Override
    ScriptEngine createEngine() {
        return new GraalScriptEngine(System::nanoTime, _ -> {});
    }
}
