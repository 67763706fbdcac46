package dev.ratchet.execution;

/** A program that has a private directory, prints where it is, and waits to be killed. */
final class FolderHolder {
    private FolderHolder() {}

    public static void main(String... arguments) throws InterruptedException {
        System.out.println(PrivateDirectory.make().path());
        Thread.currentThread().join();
    }
}
