package dev.ratchet.execution.protocol;

import dev.ratchet.execution.protocol.Message.Abort;
import dev.ratchet.execution.protocol.Message.Clock;
import dev.ratchet.execution.protocol.Message.Context;
import dev.ratchet.execution.protocol.Message.Ended;
import dev.ratchet.execution.protocol.Message.Ending;
import dev.ratchet.execution.protocol.Message.Execute;
import dev.ratchet.execution.protocol.Message.Fault;
import dev.ratchet.execution.protocol.Message.FetchAborted;
import dev.ratchet.execution.protocol.Message.FetchChunk;
import dev.ratchet.execution.protocol.Message.FetchFailed;
import dev.ratchet.execution.protocol.Message.FetchHead;
import dev.ratchet.execution.protocol.Message.FetchOpen;
import dev.ratchet.execution.protocol.Message.Hello;
import dev.ratchet.execution.protocol.Message.Inspect;
import dev.ratchet.execution.protocol.Message.Inspected;
import dev.ratchet.execution.protocol.Message.LoadCode;
import dev.ratchet.execution.protocol.Message.Log;
import dev.ratchet.execution.protocol.Message.Ping;
import dev.ratchet.execution.protocol.Message.Pong;
import dev.ratchet.execution.protocol.Message.Progress;
import dev.ratchet.execution.protocol.Message.Ready;
import dev.ratchet.execution.protocol.Message.Shutdown;
import dev.ratchet.execution.protocol.Message.Start;
import dev.ratchet.execution.protocol.Message.Terminate;
import dev.ratchet.execution.protocol.Message.Trace;
import dev.ratchet.execution.protocol.Message.UnloadCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary form of messages: a tag byte, then the components in order. Numbers are big-endian, texts are UTF-8 with a
 * length before them. Written by hand because a JSON or CBOR binder costs a worker more at its start than everything
 * else in it but the engine (see the ADR on the worker protocol).
 */
final class MessageCodec {
    private static final int START = 1;
    private static final int LOAD_CODE = 2;
    private static final int UNLOAD_CODE = 3;
    private static final int EXECUTE = 4;
    private static final int INSPECT = 5;
    private static final int FETCH_HEAD = 6;
    private static final int FETCH_FAILED = 7;
    private static final int ABORT = 8;
    private static final int TERMINATE = 9;
    private static final int PING = 10;
    private static final int SHUTDOWN = 11;
    private static final int HELLO = 32;
    private static final int READY = 33;
    private static final int FETCH_OPEN = 34;
    private static final int FETCH_CHUNK = 35;
    private static final int FETCH_ABORTED = 36;
    private static final int LOG = 37;
    private static final int PROGRESS = 38;
    private static final int ENDED = 39;
    private static final int INSPECTED = 40;
    private static final int PONG = 41;

    private static final int CLOCK_LIVE = 0;
    private static final int CLOCK_VIRTUAL = 1;
    private static final int CLOCK_RECORDED = 2;

    private static final int RETURNED = 0;
    private static final int THREW = 1;
    private static final int NO_JSON = 2;
    private static final int TOO_LARGE = 3;
    private static final int HEAP_EXHAUSTED = 4;
    private static final int BAD_CODE = 5;
    private static final int STOPPED = 6;
    private static final int STACK_EXHAUSTED = 7;

    private MessageCodec() {}

    static void write(Message message, FrameWriter to) {
        switch (message) {
            case Start m -> {
                to.writeByte(START);
                to.writeInt(m.codeCacheEntries());
            }
            case LoadCode m -> {
                to.writeByte(LOAD_CODE);
                to.writeString(m.hash());
                to.writeString(m.entry());
                to.writeBoolean(m.compat04());
                to.writeStrings(m.files());
            }
            case UnloadCode m -> {
                to.writeByte(UNLOAD_CODE);
                to.writeString(m.hash());
            }
            case Execute m -> writeExecute(m, to);
            case Inspect m -> {
                to.writeByte(INSPECT);
                to.writeLong(m.runId());
                to.writeString(m.hash());
            }
            case FetchHead m -> {
                to.writeByte(FETCH_HEAD);
                to.writeLong(m.runId());
                to.writeInt(m.fetchId());
                to.writeInt(m.status());
                to.writeString(m.statusText());
                to.writeString(m.url());
                to.writeBoolean(m.redirected());
                to.writeFields(m.headers());
                to.writeInt(m.bodyBytes());
                to.writeLong(m.delayMillis());
            }
            case FetchFailed m -> {
                to.writeByte(FETCH_FAILED);
                to.writeLong(m.runId());
                to.writeInt(m.fetchId());
                to.writeString(m.reason());
                to.writeString(m.message());
                to.writeLong(m.delayMillis());
            }
            case Abort m -> {
                to.writeByte(ABORT);
                to.writeLong(m.runId());
                to.writeString(m.reason());
                to.writeString(m.message());
            }
            case Terminate m -> {
                to.writeByte(TERMINATE);
                to.writeLong(m.runId());
            }
            case Ping m -> {
                to.writeByte(PING);
                to.writeLong(m.number());
            }
            case Shutdown _ -> to.writeByte(SHUTDOWN);
            case Hello m -> {
                to.writeByte(HELLO);
                to.writeInt(m.protocolVersion());
                to.writeLong(m.pid());
                to.writeString(m.token());
            }
            case Ready m -> {
                to.writeByte(READY);
                to.writeString(m.engine());
                to.writeBoolean(m.compiler());
                to.writeLong(m.liveHeapBytes());
            }
            case FetchOpen m -> {
                to.writeByte(FETCH_OPEN);
                to.writeLong(m.runId());
                to.writeInt(m.fetchId());
                to.writeString(m.method());
                to.writeString(m.url());
                to.writeFields(m.headers());
                to.writeString(m.redirect());
                to.writeInt(m.bodyBytes());
            }
            case FetchChunk m -> {
                to.writeByte(FETCH_CHUNK);
                to.writeLong(m.runId());
                to.writeInt(m.fetchId());
                to.writeBytes(m.bytes());
            }
            case FetchAborted m -> {
                to.writeByte(FETCH_ABORTED);
                to.writeLong(m.runId());
                to.writeInt(m.fetchId());
            }
            case Log m -> {
                to.writeByte(LOG);
                to.writeLong(m.runId());
                to.writeByte(m.level());
                to.writeLong(m.epochMillis());
                to.writeString(m.message());
            }
            case Progress m -> {
                to.writeByte(PROGRESS);
                to.writeLong(m.runId());
                to.writeDouble(m.fraction());
                to.writeString(m.message());
            }
            case Ended m -> {
                to.writeByte(ENDED);
                to.writeLong(m.runId());
                writeEnding(m.ending(), to);
                to.writeLong(m.guestCpuNanos());
                to.writeLong(m.droppedLogBytes());
                Trace trace = m.trace();
                to.writeBoolean(trace != null);
                if (trace != null) {
                    writeTrace(trace, to);
                }
            }
            case Inspected m -> {
                to.writeByte(INSPECTED);
                to.writeLong(m.runId());
                writeFaults(m.faults(), to);
            }
            case Pong m -> {
                to.writeByte(PONG);
                to.writeLong(m.number());
            }
        }
    }

    private static void writeExecute(Execute m, FrameWriter to) {
        to.writeByte(EXECUTE);
        to.writeLong(m.runId());
        to.writeString(m.hash());
        to.writeString(m.input());
        Context context = m.context();
        to.writeString(context.executionId());
        to.writeString(context.taskId());
        to.writeString(context.taskName());
        to.writeString(context.taskVersion());
        to.writeOptionalString(context.jobId());
        to.writeInt(context.attempt());
        to.writeString(m.seed());
        switch (m.clock()) {
            case Clock.Live live -> {
                to.writeByte(CLOCK_LIVE);
                to.writeLong(live.startTicks());
            }
            case Clock.Virtual virtual -> {
                to.writeByte(CLOCK_VIRTUAL);
                to.writeLong(virtual.startTicks());
            }
            case Clock.Recorded recorded -> {
                to.writeByte(CLOCK_RECORDED);
                writeTrace(recorded.trace(), to);
            }
        }
        to.writeStrings(m.secrets());
        to.writeLong(m.outputBytes());
        to.writeLong(m.logBytes());
        to.writeBoolean(m.trace());
    }

    private static void writeEnding(Ending ending, FrameWriter to) {
        switch (ending) {
            case Ending.Returned e -> {
                to.writeByte(RETURNED);
                to.writeString(e.output());
            }
            case Ending.Threw e -> {
                to.writeByte(THREW);
                to.writeString(e.type());
                to.writeString(e.message());
                to.writeString(e.stack());
                to.writeOptionalString(e.details());
            }
            case Ending.NoJson e -> {
                to.writeByte(NO_JSON);
                to.writeString(e.message());
            }
            case Ending.TooLarge e -> {
                to.writeByte(TOO_LARGE);
                to.writeLong(e.bytes());
            }
            case Ending.HeapExhausted e -> {
                to.writeByte(HEAP_EXHAUSTED);
                to.writeLong(e.liveHeapBytes());
            }
            case Ending.BadCode e -> {
                to.writeByte(BAD_CODE);
                writeFaults(e.faults(), to);
            }
            case Ending.Stopped _ -> to.writeByte(STOPPED);
            case Ending.StackExhausted(boolean perhapsEarlier) -> {
                to.writeByte(STACK_EXHAUSTED);
                to.writeBoolean(perhapsEarlier);
            }
        }
    }

    private static void writeFaults(List<Fault> faults, FrameWriter to) {
        to.writeInt(faults.size());
        for (Fault fault : faults) {
            to.writeString(fault.file());
            to.writeString(fault.position());
            to.writeString(fault.message());
        }
    }

    /** Readings rise by little from run to run, so they are written as zigzag differences. */
    private static void writeTrace(Trace trace, FrameWriter to) {
        to.writeInt(trace.ticks().length);
        long previous = 0;
        for (int i = 0; i < trace.ticks().length; i++) {
            long difference = trace.ticks()[i] - previous;
            to.writeVarLong((difference << 1) ^ (difference >> 63));
            to.writeVarLong(trace.counts()[i]);
            previous = trace.ticks()[i];
        }
        to.writeInt(trace.kinds().length);
        for (int i = 0; i < trace.kinds().length; i++) {
            to.writeByte(trace.kinds()[i]);
            to.writeVarLong(trace.ids()[i]);
        }
        to.writeBoolean(trace.complete());
    }

    /**
     * Reads one message.
     *
     * @param frame exactly one frame, without its length
     * @throws ProtocolException when it is anything else
     */
    static Message read(ByteBuffer frame) throws ProtocolException {
        FrameReader from = new FrameReader(frame);
        Message message = read(from);
        from.requireEnd();
        return message;
    }

    private static Message read(FrameReader from) throws ProtocolException {
        int tag = from.readByte();
        return switch (tag) {
            case START -> new Start(from.readInt());
            case LOAD_CODE ->
                new LoadCode(from.readString(), from.readString(), from.readBoolean(), from.readStrings());
            case UNLOAD_CODE -> new UnloadCode(from.readString());
            case EXECUTE -> readExecute(from);
            case INSPECT -> new Inspect(from.readLong(), from.readString());
            case FETCH_HEAD ->
                new FetchHead(
                        from.readLong(),
                        from.readInt(),
                        from.readInt(),
                        from.readString(),
                        from.readString(),
                        from.readBoolean(),
                        from.readFields(),
                        from.readInt(),
                        from.readLong());
            case FETCH_FAILED ->
                new FetchFailed(from.readLong(), from.readInt(), from.readString(), from.readString(), from.readLong());
            case ABORT -> new Abort(from.readLong(), from.readString(), from.readString());
            case TERMINATE -> new Terminate(from.readLong());
            case PING -> new Ping(from.readLong());
            case SHUTDOWN -> new Shutdown();
            case HELLO -> new Hello(from.readInt(), from.readLong(), from.readString());
            case READY -> new Ready(from.readString(), from.readBoolean(), from.readLong());
            case FETCH_OPEN ->
                new FetchOpen(
                        from.readLong(),
                        from.readInt(),
                        from.readString(),
                        from.readString(),
                        from.readFields(),
                        from.readString(),
                        from.readInt());
            case FETCH_CHUNK -> readChunk(from);
            case FETCH_ABORTED -> new FetchAborted(from.readLong(), from.readInt());
            case LOG -> new Log(from.readLong(), from.readByte(), from.readLong(), from.readString());
            case PROGRESS -> new Progress(from.readLong(), from.readDouble(), from.readString());
            case ENDED ->
                new Ended(
                        from.readLong(),
                        readEnding(from),
                        from.readLong(),
                        from.readLong(),
                        from.readBoolean() ? readTrace(from) : null);
            case INSPECTED -> new Inspected(from.readLong(), readFaults(from));
            case PONG -> new Pong(from.readLong());
            default -> throw new ProtocolException("unknown message tag " + tag);
        };
    }

    private static FetchChunk readChunk(FrameReader from) throws ProtocolException {
        FetchChunk chunk = new FetchChunk(from.readLong(), from.readInt(), from.readBytes());
        if (chunk.bytes().length > Message.MAX_CHUNK_BYTES) {
            throw new ProtocolException("body chunk of " + chunk.bytes().length + " bytes");
        }
        return chunk;
    }

    private static Execute readExecute(FrameReader from) throws ProtocolException {
        return new Execute(
                from.readLong(),
                from.readString(),
                from.readString(),
                new Context(
                        from.readString(),
                        from.readString(),
                        from.readString(),
                        from.readString(),
                        from.readOptionalString(),
                        from.readInt()),
                from.readString(),
                readClock(from),
                from.readStrings(),
                from.readLong(),
                from.readLong(),
                from.readBoolean());
    }

    private static Clock readClock(FrameReader from) throws ProtocolException {
        int kind = from.readByte();
        return switch (kind) {
            case CLOCK_LIVE -> new Clock.Live(from.readLong());
            case CLOCK_VIRTUAL -> new Clock.Virtual(from.readLong());
            case CLOCK_RECORDED -> new Clock.Recorded(readTrace(from));
            default -> throw new ProtocolException("unknown clock " + kind);
        };
    }

    private static Ending readEnding(FrameReader from) throws ProtocolException {
        int kind = from.readByte();
        return switch (kind) {
            case RETURNED -> new Ending.Returned(from.readString());
            case THREW ->
                new Ending.Threw(from.readString(), from.readString(), from.readString(), from.readOptionalString());
            case NO_JSON -> new Ending.NoJson(from.readString());
            case TOO_LARGE -> new Ending.TooLarge(from.readLong());
            case HEAP_EXHAUSTED -> new Ending.HeapExhausted(from.readLong());
            case BAD_CODE -> new Ending.BadCode(readFaults(from));
            case STOPPED -> new Ending.Stopped();
            case STACK_EXHAUSTED -> new Ending.StackExhausted(from.readBoolean());
            default -> throw new ProtocolException("unknown ending " + kind);
        };
    }

    private static List<Fault> readFaults(FrameReader from) throws ProtocolException {
        int size = from.readSize(12);
        List<Fault> faults = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            faults.add(new Fault(from.readString(), from.readString(), from.readString()));
        }
        return faults;
    }

    private static Trace readTrace(FrameReader from) throws ProtocolException {
        int runs = from.readSize(2);
        long[] ticks = new long[runs];
        int[] counts = new int[runs];
        long previous = 0;
        for (int i = 0; i < runs; i++) {
            long zigzag = from.readVarLong();
            previous += (zigzag >>> 1) ^ -(zigzag & 1);
            ticks[i] = previous;
            counts[i] = readCount(from);
        }
        int settlements = from.readSize(2);
        byte[] kinds = new byte[settlements];
        int[] ids = new int[settlements];
        for (int i = 0; i < settlements; i++) {
            kinds[i] = (byte) from.readByte();
            if (kinds[i] < Trace.FETCH || kinds[i] > Trace.ABORT) {
                throw new ProtocolException("unknown settlement " + kinds[i]);
            }
            ids[i] = readCount(from);
        }
        return new Trace(ticks, counts, kinds, ids, from.readBoolean());
    }

    private static int readCount(FrameReader from) throws ProtocolException {
        long count = from.readVarLong();
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new ProtocolException("count " + count + " out of range");
        }
        return (int) count;
    }
}
