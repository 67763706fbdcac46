package dev.ratchet.storage.task;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code task_versions}. */
interface VersionRepository extends JpaRepository<VersionEntity, String> {
    List<VersionEntity.Head> findByTenantIdAndTaskIdAndNumberLessThanOrderByNumberDesc(
            String tenantId, String taskId, int number, Limit limit);

    Optional<VersionEntity.Head> findByTenantIdAndTaskIdAndId(String tenantId, String taskId, String id);

    Optional<VersionEntity.Head> findByTenantIdAndTaskIdAndHash(String tenantId, String taskId, String hash);

    List<VersionEntity.Head> findByTenantIdAndTaskIdAndVersionOrderByNumberDesc(
            String tenantId, String taskId, String version, Limit limit);

    @Query("select version.content from VersionEntity version where version.id = :id and version.tenantId = :tenantId")
    Optional<String> contentOf(String id, String tenantId);

    /** Replaces the content of a version with one of the same hash. */
    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("""
            update VersionEntity version set version.content = :content
             where version.id = :id and version.tenantId = :tenantId and version.hash = :hash""")
    int replaceContent(String id, String tenantId, String hash, String content);
}
