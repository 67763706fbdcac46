package dev.ratchet.storage.task;

import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Transient;
import org.springframework.data.domain.Persistable;

/** An entity that has its identifier before it is stored, so that it has to remember itself whether it is new. */
@MappedSuperclass
abstract class AssignedIdEntity<I> implements Persistable<I> {
    @Transient
    private boolean stored;

    @Override
    public abstract I getId();

    @Override
    public final boolean isNew() {
        return !stored;
    }

    @PostLoad
    @PostPersist
    void markStored() {
        stored = true;
    }
}
