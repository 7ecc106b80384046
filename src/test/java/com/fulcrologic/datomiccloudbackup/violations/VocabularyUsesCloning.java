package com.fulcrologic.datomiccloudbackup.violations;

final class VocabularyUsesCloning {
  final Class<?> used = Cloning.class;
}
