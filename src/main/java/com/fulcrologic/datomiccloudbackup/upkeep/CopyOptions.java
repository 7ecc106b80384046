package com.fulcrologic.datomiccloudbackup.upkeep;

import com.fulcrologic.datomiccloudbackup.Progress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The rules of a copy of a backup. Immutable; start from {@link #DEFAULTS}. Without any rule, the
 * copy is equal to the backup.
 */
public final class CopyOptions {
  /** A copy of the whole backup. */
  public static final CopyOptions DEFAULTS =
      new CopyOptions(new TreeSet<>(), new TreeSet<>(), List.of(), Progress.IGNORED);

  private final SortedSet<String> excludedAttributes;
  private final SortedSet<Long> erasedEntities;
  private final List<ErasedValue> erasedValues;
  private final Progress.Listener listener;

  /**
   * A value whose entities are erased.
   *
   * @param attribute the attribute's ident
   * @param text the value, as its type is written
   */
  public record ErasedValue(String attribute, String text) {
    /** Without the value. */
    @Override
    public String toString() {
      return "a value of " + attribute;
    }
  }

  private CopyOptions(
      SortedSet<String> excludedAttributes,
      SortedSet<Long> erasedEntities,
      List<ErasedValue> erasedValues,
      Progress.Listener listener) {
    this.excludedAttributes = Collections.unmodifiableSortedSet(excludedAttributes);
    this.erasedEntities = Collections.unmodifiableSortedSet(erasedEntities);
    this.erasedValues = List.copyOf(erasedValues);
    this.listener = listener;
  }

  /** The idents of the attributes that are left out. */
  public SortedSet<String> excludedAttributes() {
    return excludedAttributes;
  }

  /** The ids, in the source, of the entities that are erased. */
  public SortedSet<Long> erasedEntities() {
    return erasedEntities;
  }

  /** The values whose entities are erased. */
  public List<ErasedValue> erasedValues() {
    return erasedValues;
  }

  /** Called after each segment. */
  public Progress.Listener listener() {
    return listener;
  }

  /**
   * Leaves out the datoms of an attribute.
   *
   * @param attribute an ident that the attribute has or had, as in {@code ":person/email"}
   */
  public CopyOptions excluding(String attribute) {
    SortedSet<String> excluded = new TreeSet<>(excludedAttributes);
    excluded.add(attribute);
    return new CopyOptions(excluded, erasedEntities, erasedValues, listener);
  }

  /**
   * Leaves out the datoms of entities, and of their components.
   *
   * @param entities ids in the source
   */
  public CopyOptions erasing(Collection<Long> entities) {
    SortedSet<Long> erased = new TreeSet<>(erasedEntities);
    erased.addAll(entities);
    return new CopyOptions(excludedAttributes, erased, erasedValues, listener);
  }

  /**
   * Leaves out the datoms of each entity that ever had a value, and of its components.
   *
   * @param attribute an ident that the attribute has or had, as in {@code ":person/email"}
   * @param text the value as its type is written: a string as it is, a number in decimal, a date as
   *     {@code 2024-02-29T06:41:09.120Z}, a reference as an entity id
   */
  public CopyOptions erasing(String attribute, String text) {
    List<ErasedValue> values = new ArrayList<>(erasedValues);
    values.add(new ErasedValue(attribute, text));
    return new CopyOptions(excludedAttributes, erasedEntities, values, listener);
  }

  public CopyOptions withListener(Progress.Listener newListener) {
    return new CopyOptions(excludedAttributes, erasedEntities, erasedValues, newListener);
  }
}
