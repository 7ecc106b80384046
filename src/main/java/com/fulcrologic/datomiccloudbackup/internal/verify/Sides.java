package com.fulcrologic.datomiccloudbackup.internal.verify;

/** The two logs of a comparison, as far as they were read, and what relates them to each other. */
record Sides(
    SourceReading source,
    TargetReading target,
    IdPairs ids,
    RecordedFilters filters,
    Findings findings) {}
