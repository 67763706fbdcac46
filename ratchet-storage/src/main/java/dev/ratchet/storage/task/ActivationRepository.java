package dev.ratchet.storage.task;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;

/** Rows of {@code task_activations}. */
interface ActivationRepository extends JpaRepository<ActivationEntity, ActivationEntity.Key> {
    List<ActivationEntity> findByTenantIdAndIdTaskIdOrderByIdNumberDesc(String tenantId, String taskId, Limit limit);

    Optional<ActivationEntity> findByTenantIdAndId(String tenantId, ActivationEntity.Key id);
}
