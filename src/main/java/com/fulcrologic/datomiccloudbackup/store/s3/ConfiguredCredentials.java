package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import com.fulcrologic.datomiccloudbackup.internal.tools.Causes;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The configured credentials of this process. This class looks in the places of the SDK's default
 * chain, in its order, and takes only the first that is set up. The chain itself continues with the
 * next place when one fails. So the chain may act as another identity, as the machine's own, when
 * it cannot read a token or a module of the SDK is missing. Thread-safe.
 */
final class ConfiguredCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
  private static final int PROFILE_DEPTH_MAX = 16;

  /** A profile with one of these is an identity; without, it sets a region or an output format. */
  private static final Set<String> PROFILE_IDENTITIES =
      Set.of(
          "aws_access_key_id",
          "aws_secret_access_key",
          "credential_process",
          "login_session",
          "role_arn",
          "sso_account_id",
          "sso_session",
          "sso_start_url",
          "web_identity_token_file");

  private final String identity;
  private final AwsCredentialsProvider provider;

  private ConfiguredCredentials(String identity, AwsCredentialsProvider provider) {
    this.identity = identity;
    this.provider = provider;
  }

  /**
   * Reads the settings, and requests no credentials yet.
   *
   * @throws InvalidConfigurationException when the settings cannot work: a profile does not exist,
   *     or a module of the SDK is missing
   */
  static ConfiguredCredentials find() {
    return ofProperties()
        .or(ConfiguredCredentials::ofEnvironment)
        .or(ConfiguredCredentials::ofWebIdentity)
        .or(ConfiguredCredentials::ofProfile)
        .or(ConfiguredCredentials::ofContainer)
        .orElseGet(
            () ->
                new ConfiguredCredentials(
                    "this machine's instance profile, nor anything else set up",
                    InstanceProfileCredentialsProvider.create()));
  }

  private static Optional<ConfiguredCredentials> ofProperties() {
    return when(
        isAnyGiven(
            System.getProperty(SdkSystemSetting.AWS_ACCESS_KEY_ID.property()),
            System.getProperty(SdkSystemSetting.AWS_SECRET_ACCESS_KEY.property())),
        "the Java properties aws.accessKeyId and aws.secretAccessKey",
        SystemPropertyCredentialsProvider::create);
  }

  private static Optional<ConfiguredCredentials> ofEnvironment() {
    return when(
        isAnyGiven(
            System.getenv(SdkSystemSetting.AWS_ACCESS_KEY_ID.environmentVariable()),
            System.getenv(SdkSystemSetting.AWS_SECRET_ACCESS_KEY.environmentVariable())),
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        EnvironmentVariableCredentialsProvider::create);
  }

  private static Optional<ConfiguredCredentials> when(
      boolean isSetUp, String identity, Supplier<AwsCredentialsProvider> provider) {
    return isSetUp
        ? Optional.of(new ConfiguredCredentials(identity, provider.get()))
        : Optional.empty();
  }

  private static boolean isAnyGiven(@Nullable String id, @Nullable String secret) {
    return (id != null && !id.isBlank()) || (secret != null && !secret.isBlank());
  }

  private static Optional<ConfiguredCredentials> ofWebIdentity() {
    if (SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE.getStringValue().isEmpty()) {
      return Optional.empty();
    }
    String identity = "the web identity in AWS_WEB_IDENTITY_TOKEN_FILE, for AWS_ROLE_ARN";
    requireModule("sts", "StsClient", identity);
    return Optional.of(
        new ConfiguredCredentials(identity, WebIdentityTokenFileCredentialsProvider.create()));
  }

  private static Optional<ConfiguredCredentials> ofProfile() {
    String name = ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
    boolean isNamed = ProfileFileSystemSetting.AWS_PROFILE.getNonDefaultStringValue().isPresent();
    Optional<Profile> profile = ProfileFile.defaultProfileFile().profile(name);
    if (profile.isEmpty() && isNamed) {
      throw new InvalidConfigurationException(
          "There is no AWS profile of the name that AWS_PROFILE gives.",
          "See the profiles with: aws configure list-profiles");
    }
    if (profile.isEmpty() || !isIdentity(profile.get())) {
      return Optional.empty();
    }
    String identity = "the AWS profile " + name;
    requireModules(profile.get(), identity);
    return Optional.of(
        new ConfiguredCredentials(identity, ProfileCredentialsProvider.create(name)));
  }

  private static boolean isIdentity(Profile profile) {
    return PROFILE_IDENTITIES.stream().anyMatch(profile.properties()::containsKey);
  }

  /** Checks the modules for the profile, and for the profiles whose credentials its role needs. */
  private static void requireModules(Profile profile, String identity) {
    Optional<Profile> each = Optional.of(profile);
    for (int depth = 0; each.isPresent() && depth < PROFILE_DEPTH_MAX; depth++) {
      Set<String> keys = each.get().properties().keySet();
      if (keys.contains("role_arn")) {
        requireModule("sts", "StsClient", identity);
      }
      if (keys.contains("sso_session") || keys.contains("sso_start_url")) {
        requireModule("sso", "SsoClient", identity);
        requireModule("ssooidc", "SsoOidcClient", identity);
      }
      if (keys.contains("login_session")) {
        requireModule("signin", "SigninClient", identity);
      }
      each =
          each.get().property("source_profile").flatMap(ProfileFile.defaultProfileFile()::profile);
    }
  }

  /** Refuses an identity that needs a module of the SDK, if one of its classes is missing. */
  private static void requireModule(String artifact, String className, String identity) {
    try {
      Class.forName(
          "software.amazon.awssdk.services." + artifact + "." + className,
          false,
          ConfiguredCredentials.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new InvalidConfigurationException(
          "Credentials from " + identity + " need the SDK's module " + artifact + ".",
          "Put software.amazon.awssdk:" + artifact + " on the class path.",
          missing);
    }
  }

  private static Optional<ConfiguredCredentials> ofContainer() {
    boolean isGiven =
        SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI.getStringValue().isPresent()
            || SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.getStringValue().isPresent();
    return when(
        isGiven,
        "the container's endpoint in AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI",
        ContainerCredentialsProvider::create);
  }

  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return provider.resolveCredentials();
    } catch (RuntimeException failed) { // of the SDK, or of one of its modules
      throw SdkClientException.create(
          "no credentials from " + identity, new CredentialsException(identity, failed));
    }
  }

  @Override
  public void close() {
    if (provider instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }

  /**
   * The configured source of credentials gives none. This is the cause of the SDK's own exception,
   * since interceptors of the SDK accept no subclass of it.
   */
  static final class CredentialsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String identity;

    CredentialsException(String identity, Throwable cause) {
      super("no credentials from " + identity, cause);
      this.identity = identity;
    }

    /** The first such exception among the causes; interceptors of the SDK may have wrapped it. */
    static Optional<CredentialsException> in(Throwable thrown) {
      return Causes.of(thrown)
          .filter(CredentialsException.class::isInstance)
          .map(CredentialsException.class::cast)
          .findFirst();
    }

    String identity() {
      return identity;
    }
  }
}
