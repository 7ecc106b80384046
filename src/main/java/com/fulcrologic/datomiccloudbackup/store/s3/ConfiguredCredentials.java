package com.fulcrologic.datomiccloudbackup.store.s3;

import com.fulcrologic.datomiccloudbackup.exceptions.InvalidConfigurationException;
import java.util.Optional;
import java.util.Set;
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

  /** A module of the SDK that a way of getting credentials needs, and one of its classes. */
  private record Module(String artifact, String className) {
    static final Module STS = of("sts", "sts.StsClient");
    static final Module SSO = of("sso", "sso.SsoClient");
    static final Module SSO_OIDC = of("ssooidc", "ssooidc.SsoOidcClient");
    static final Module SIGNIN = of("signin", "signin.SigninClient");

    private static Module of(String artifact, String className) {
      return new Module(artifact, "software.amazon.awssdk.services." + className);
    }

    /**
     * @throws InvalidConfigurationException when the module is not on the class path
     */
    void require(String identity) {
      try {
        Class.forName(className, false, ConfiguredCredentials.class.getClassLoader());
      } catch (ClassNotFoundException missing) {
        throw new InvalidConfigurationException(
            "Credentials from " + identity + " need the SDK's module " + artifact + ".",
            "Put software.amazon.awssdk:" + artifact + " on the class path.",
            missing);
      }
    }
  }

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
    return isAnyGiven(
            System.getProperty(SdkSystemSetting.AWS_ACCESS_KEY_ID.property()),
            System.getProperty(SdkSystemSetting.AWS_SECRET_ACCESS_KEY.property()))
        ? Optional.of(
            new ConfiguredCredentials(
                "the Java properties aws.accessKeyId and aws.secretAccessKey",
                SystemPropertyCredentialsProvider.create()))
        : Optional.empty();
  }

  private static Optional<ConfiguredCredentials> ofEnvironment() {
    return isAnyGiven(
            System.getenv(SdkSystemSetting.AWS_ACCESS_KEY_ID.environmentVariable()),
            System.getenv(SdkSystemSetting.AWS_SECRET_ACCESS_KEY.environmentVariable()))
        ? Optional.of(
            new ConfiguredCredentials(
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                EnvironmentVariableCredentialsProvider.create()))
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
    Module.STS.require(identity);
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
        Module.STS.require(identity);
      }
      if (keys.contains("sso_session") || keys.contains("sso_start_url")) {
        Module.SSO.require(identity);
        Module.SSO_OIDC.require(identity);
      }
      if (keys.contains("login_session")) {
        Module.SIGNIN.require(identity);
      }
      each =
          each.get().property("source_profile").flatMap(ProfileFile.defaultProfileFile()::profile);
    }
  }

  private static Optional<ConfiguredCredentials> ofContainer() {
    boolean isGiven =
        SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI.getStringValue().isPresent()
            || SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.getStringValue().isPresent();
    return isGiven
        ? Optional.of(
            new ConfiguredCredentials(
                "the container's endpoint in AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI",
                ContainerCredentialsProvider.create()))
        : Optional.empty();
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
}
