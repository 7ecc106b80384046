package com.fulcrologic.datomiccloudbackup.violations.internal.log;

import com.amazonaws.services.s3.AmazonS3;

final class UsesAws {
  final Class<?> used = AmazonS3.class;
}
