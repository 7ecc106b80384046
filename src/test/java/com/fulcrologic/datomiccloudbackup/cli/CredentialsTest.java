package com.fulcrologic.datomiccloudbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fulcrologic.datomiccloudbackup.testing.ChildJvm;
import com.fulcrologic.datomiccloudbackup.testing.OwnProcess;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * As whom the command line goes to S3, in a process with settings of its own. A machine's identity
 * is always at hand, and taken only where nothing else is set up.
 */
class CredentialsTest {
  private static final Pattern KEY = Pattern.compile("Credential=([A-Z0-9]+)/");
  private static final String EXPIRATION = "2099-01-01T00:00:00Z";
  private static final String START_URL = "https://sso.test/start";

  private final Set<String> keysSeen = ConcurrentHashMap.newKeySet();
  private volatile boolean isStsDenying;
  private HttpServer aws;

  @TempDir private Path home;

  /** What a command ended with, and as whom it went to S3. */
  private record Run(int exitCode, String output, Set<String> keys) {}

  @BeforeEach
  void serve() throws IOException {
    aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    aws.createContext("/", this::answer);
    aws.start();
    Files.createDirectories(home.resolve(".aws/sso/cache"));
    Files.writeString(home.resolve("token"), "a token");
  }

  @AfterEach
  void stop() {
    aws.stop(0);
  }

  @Test
  void ofTheEnvironment() throws Exception {
    requireIdentity("ENVIRONMENT", keys("ENVIRONMENT", "secret"));
    requireNone(keys("ENVIRONMENT", ""), "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }

  @Test
  void ofAWebIdentity() throws Exception {
    requireIdentity("WEBIDENTITY", webIdentity("token"));
    requireNone(webIdentity("no such token"), "the web identity in AWS_WEB_IDENTITY_TOKEN_FILE");
    isStsDenying = true;
    requireNone(webIdentity("token"), "the web identity in AWS_WEB_IDENTITY_TOKEN_FILE");
    Run without = run(webIdentity("token"), "/sts/");
    assertThat(without.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(without.output()).contains("software.amazon.awssdk:sts");
    assertThat(without.keys()).isEmpty();
  }

  /** As where there is no way to STS: whose credentials are missing is told all the same. */
  @Test
  void ofAWebIdentityThatIsOutOfReach() throws Exception {
    Map<String, String> environment = new HashMap<>(webIdentity("token"));
    environment.put("AWS_ENDPOINT_URL_STS", "http://sts.invalid");
    Run run = run(environment, "");
    assertThat(run.exitCode()).isEqualTo(ExitCode.UNEXPECTED);
    assertThat(run.output()).contains("AWS_WEB_IDENTITY_TOKEN_FILE").contains("Check the network");
    assertThat(run.keys()).isEmpty();
  }

  @Test
  void ofAnAssumedRole() throws Exception {
    config(
        """
        [default]
        role_arn=arn:aws:iam::123456789012:role/backup
        source_profile=base
        [profile base]
        aws_access_key_id=BASE
        aws_secret_access_key=secret
        """);
    requireIdentity("ASSUMEDROLE", Map.of());
    isStsDenying = true;
    requireNone(Map.of(), "the AWS profile default");
  }

  @Test
  void ofSso() throws Exception {
    config(
        "[profile work]\nsso_start_url="
            + START_URL
            + "\nsso_region=us-east-1\nsso_account_id=123456789012\nsso_role_name=backup\n");
    requireNone(Map.of("AWS_PROFILE", "work"), "the AWS profile work"); // nobody has logged in
    Files.writeString(
        home.resolve(".aws/sso/cache/" + sha1(START_URL) + ".json"),
        "{\"accessToken\":\"t\",\"expiresAt\":\"" + EXPIRATION + "\",\"startUrl\":\"x\"}");
    requireIdentity("SINGLESIGNON", Map.of("AWS_PROFILE", "work"));
  }

  @Test
  void ofAProfile() throws Exception {
    config(
        "[profile process]\ncredential_process=echo '{\"Version\":1,\"AccessKeyId\":\"PROCESS\","
            + "\"SecretAccessKey\":\"secret\"}'\n[default]\nregion=us-east-1\n");
    requireIdentity("PROCESS", Map.of("AWS_PROFILE", "process"));
    requireIdentity("INSTANCE", Map.of());
    Run misspelt = run(Map.of("AWS_PROFILE", "proces"), "");
    assertThat(misspelt.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(misspelt.output()).contains("AWS_PROFILE");
    assertThat(misspelt.keys()).isEmpty();
  }

  @Test
  void ofAContainer() throws Exception {
    requireIdentity(
        "CONTAINER", Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint() + "/container"));
    requireNone(
        Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint() + "/nothing"),
        "the container's endpoint");
  }

  private void requireIdentity(String key, Map<String, String> environment) throws Exception {
    Run run = run(environment, "");
    assertThat(run.keys()).as(run.output()).containsExactly(key);
    assertThat(run.exitCode()).as(run.output()).isEqualTo(ExitCode.NOT_FOUND);
  }

  private void requireNone(Map<String, String> environment, String identity) throws Exception {
    Run run = run(environment, "");
    assertThat(run.keys()).as(run.output()).isEmpty();
    assertThat(run.exitCode()).as(run.output()).isEqualTo(ExitCode.ACCESS_DENIED);
    assertThat(run.output()).contains("there are no credentials from " + identity).contains("hint");
  }

  private Run run(Map<String, String> environment, String withoutModule) throws Exception {
    keysSeen.clear();
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> withoutModule.isEmpty() || !entry.contains(withoutModule))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(
            ChildJvm.command(
                classPath,
                List.of("-Xmx256m", "-Duser.home=" + home),
                Main.class,
                "segments",
                "--name",
                "shop",
                "--store",
                "s3://bucket/prod?pathStyle=true&region=us-east-1&endpoint=" + endpoint()));
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("AWS_REGION", "us-east-1"); // without, STS is the world's
    builder.environment().put("HOME", home.toString());
    builder.environment().put("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint());
    builder.environment().put("AWS_ENDPOINT_URL_STS", endpoint());
    builder.environment().put("AWS_ENDPOINT_URL_SSO", endpoint() + "/sso");
    builder.environment().putAll(environment);
    try (OwnProcess process = new OwnProcess(builder)) {
      int exitCode = process.exitCode();
      return new Run(exitCode, process.toString(), Set.copyOf(keysSeen));
    }
  }

  private static Map<String, String> keys(String id, String secret) {
    return Map.of("AWS_ACCESS_KEY_ID", id, "AWS_SECRET_ACCESS_KEY", secret);
  }

  private Map<String, String> webIdentity(String tokenFile) {
    return Map.of(
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        home.resolve(tokenFile).toString(),
        "AWS_ROLE_ARN",
        "arn:aws:iam::123456789012:role/backup");
  }

  private void config(String text) throws IOException {
    Files.writeString(home.resolve(".aws/config"), text);
  }

  private String endpoint() {
    return "http://127.0.0.1:" + aws.getAddress().getPort();
  }

  /** STS, SSO, a container's and a machine's metadata, and a bucket with nothing in it. */
  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (body.startsWith("Action=AssumeRole")) {
      respond(exchange, isStsDenying ? 403 : 200, isStsDenying ? denied() : role(body));
    } else if (path.startsWith("/sso")) {
      respond(exchange, 200, "{\"roleCredentials\":" + sso() + "}");
    } else if (path.equals("/container")) {
      respond(exchange, 200, metadata("CONTAINER"));
    } else if (path.equals("/nothing")) {
      respond(exchange, 404, "");
    } else if (path.equals("/latest/api/token")) {
      exchange.getResponseHeaders().add("X-aws-ec2-metadata-token-ttl-seconds", "600");
      respond(exchange, 200, "t");
    } else if (path.matches("/latest/meta-data/iam/security-credentials(-extended)?/")) {
      respond(exchange, 200, "machine");
    } else if (path.startsWith("/latest/meta-data/iam/")) {
      respond(exchange, 200, metadata("INSTANCE"));
    } else {
      Matcher key = KEY.matcher(exchange.getRequestHeaders().getFirst("Authorization"));
      keysSeen.add(key.find() ? key.group(1) : "NONE");
      respond(
          exchange,
          200,
          "<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>"
              + "</ListBucketResult>");
    }
  }

  private static String role(String request) {
    boolean isWeb = request.contains("AssumeRoleWithWebIdentity");
    String action = isWeb ? "AssumeRoleWithWebIdentity" : "AssumeRole";
    return String.format(
        "<%1$sResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><%1$sResult>"
            + "<AssumedRoleUser><Arn>a</Arn><AssumedRoleId>i</AssumedRoleId></AssumedRoleUser>"
            + "<Credentials><AccessKeyId>%2$s</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
            + "<SessionToken>t</SessionToken><Expiration>%3$s</Expiration></Credentials>"
            + "</%1$sResult></%1$sResponse>",
        action, isWeb ? "WEBIDENTITY" : "ASSUMEDROLE", EXPIRATION);
  }

  private static String denied() {
    return "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
        + "<Message>m</Message></Error></ErrorResponse>";
  }

  private static String sso() {
    return "{\"accessKeyId\":\"SINGLESIGNON\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\","
        + "\"expiration\":4070908800000}";
  }

  private static String metadata(String key) {
    return "{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\""
        + key
        + "\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"AccountId\":\"123456789012\","
        + "\"LastUpdated\":\"2020-01-01T00:00:00Z\",\"Expiration\":\""
        + EXPIRATION
        + "\"}";
  }

  private static void respond(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String sha1(String text) throws Exception {
    var digest = java.security.MessageDigest.getInstance("SHA-1");
    return java.util.HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
