package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sdkFolder is the environment variable that names a folder with SDKs and trial.mjs.
const sdkFolder = "HOOKCTL_SDK_TRIAL"

// TestSDKsAcceptWhatHookctlSigns lets the SDKs of providers check what hookctl sign makes,
// and a body that was changed after that.
func TestSDKsAcceptWhatHookctlSigns(t *testing.T) {
	eachSDK(t, func(t *testing.T, trial *sdkTrial, s *sdk) {
		eachMessage(t, s, func(t *testing.T, payload sdkPayload, key sdkKey) {
			signed := trial.hookctlSigns(t, s, payload, key)
			refused := trial.asks(t, s.asks("verify", signed, key.public)).Refused
			if survives := !s.rewrites || !payload.restyled; survives != (refused == nil) {
				t.Errorf("what hookctl signed: accepted is to be %v, and the SDK says: %s", survives, why(refused))
			}
			signed.body = s.forge(t, signed.body)
			if trial.asks(t, s.asks("verify", signed, key.public)).Refused == nil {
				t.Error("the SDK accepts a body that was changed")
			}
		})
	})
}

// TestHookctlVerifiesWhatSDKsSign is the other way round.
func TestHookctlVerifiesWhatSDKsSign(t *testing.T) {
	eachSDK(t, func(t *testing.T, trial *sdkTrial, s *sdk) {
		if !s.signs {
			t.Skip("this SDK does not sign")
		}
		eachMessage(t, s, func(t *testing.T, payload sdkPayload, key sdkKey) {
			signed := trial.signs(t, s, payload, key)
			if outcome, status := trial.hookctlVerifies(t, s, signed, key); outcome != "verified" || status != 0 {
				t.Errorf("what the SDK signed: %s, exit status %d", outcome, status)
			}
			signed.body = s.forge(t, signed.body)
			if outcome, status := trial.hookctlVerifies(t, s, signed, key); outcome != "failed" || status != 1 {
				t.Errorf("a body that was changed: %s, exit status %d", outcome, status)
			}
		})
	})
}

// While a secret is rotated hookctl signs with both, and each of them does.
func TestSDKsAcceptEitherSecretOfARotation(t *testing.T) {
	eachSDK(t, func(t *testing.T, trial *sdkTrial, s *sdk) {
		if !s.rotates {
			t.Skip("this SDK takes one signature")
		}
		keys := s.keys(t)
		signed := trial.hookctlSigns(t, s, sdkPayloads()[0], keys...)
		for i, key := range keys {
			if refused := trial.asks(t, s.asks("verify", signed, key.public)).Refused; refused != nil {
				t.Errorf("with secret %d: %s", i+1, *refused)
			}
		}
	})
}

// The trial is of the packages that are installed, in versions that stay the same.
func TestEachSDKOfTheTrialIsPinned(t *testing.T) {
	var tried, installed []string
	for _, s := range sdks() {
		tried = append(tried, s.name)
	}
	for _, folder := range []string{"../../testdata/sdk", "../../testdata/sdk/large"} {
		for name, version := range packagesOf(t, folder) {
			installed = append(installed, name)
			if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(version) {
				t.Errorf("%s: %s has version %q, want one alone, such as 1.2.3", folder, name, version)
			}
		}
	}
	slices.Sort(tried)
	slices.Sort(installed)
	if tried = slices.Compact(tried); !slices.Equal(tried, installed) {
		t.Errorf("tried are     %q\ninstalled are %q", tried, installed)
	}
}

// eachSDK runs do for each SDK that the folder of the trial has.
func eachSDK(t *testing.T, do func(*testing.T, *sdkTrial, *sdk)) {
	t.Helper()
	folder := os.Getenv(sdkFolder)
	if folder == "" {
		t.Skipf("%s names no folder with SDKs; .ci/run makes one, testdata/sdk/README.md says how", sdkFolder)
	}
	installed := packagesOf(t, folder)
	trial := startTrial(t, folder)
	for _, s := range sdks() {
		if _, ok := installed[s.name]; !ok {
			continue // it is of the other package.json
		}
		t.Run(s.String(), func(t *testing.T) { do(t, trial, &s) })
	}
}

// packagesOf are the packages that the package.json of folder names, and their versions.
func packagesOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Dependencies map[string]string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest.Dependencies) == 0 {
		t.Fatalf("package.json in %s has no dependencies", folder)
	}
	return manifest.Dependencies
}

// eachMessage runs do for each payload with each key.
func eachMessage(t *testing.T, s *sdk, do func(*testing.T, sdkPayload, sdkKey)) {
	t.Helper()
	for i, key := range s.keys(t) {
		for _, payload := range sdkPayloads() {
			t.Run(payload.name+" "+strconv.Itoa(i+1), func(t *testing.T) { do(t, payload, key) })
		}
	}
}

// An sdkMessage is a message as it is sent. The names of headers are in lower case.
type sdkMessage struct {
	headers   map[string]string
	body, url string
}

// An sdkTrial is trial.mjs, running, and a home for hookctl.
type sdkTrial struct {
	home string
	in   *json.Encoder
	out  *json.Decoder
}

type sdkRequest struct {
	SDK     string            `json:"sdk"`
	Variant string            `json:"variant"`
	Do      string            `json:"do"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	URL     string            `json:"url"`
	Secret  string            `json:"secret"`
}

type sdkAnswer struct {
	Refused *string           `json:"refused"` // nil where it accepted
	Headers map[string]string `json:"headers"`
	Body    *string           `json:"body"`
	URL     *string           `json:"url"`
}

func startTrial(t *testing.T, folder string) *sdkTrial {
	t.Helper()
	node := exec.Command("node", "trial.mjs")
	node.Dir, node.Stderr = folder, os.Stderr
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := node.Wait(); err != nil {
			t.Errorf("trial.mjs: %v", err)
		}
	})
	return &sdkTrial{home: t.TempDir(), in: json.NewEncoder(in), out: json.NewDecoder(out)}
}

func (trial *sdkTrial) asks(t *testing.T, request *sdkRequest) *sdkAnswer {
	t.Helper()
	var answer sdkAnswer
	if err := trial.in.Encode(request); err != nil {
		t.Fatal(err)
	}
	if err := trial.out.Decode(&answer); err != nil {
		t.Fatalf("trial.mjs gives no answer: %v", err)
	}
	return &answer
}

func (s *sdk) asks(do string, m *sdkMessage, secret string) *sdkRequest {
	return &sdkRequest{SDK: s.name, Variant: s.variant, Do: do, Headers: m.headers, Body: m.body, URL: m.url, Secret: secret}
}

// signs lets the SDK sign.
func (trial *sdkTrial) signs(t *testing.T, s *sdk, payload sdkPayload, key sdkKey) *sdkMessage {
	t.Helper()
	body := s.body(payload.text)
	m := &sdkMessage{body: body, url: s.urlFor(body)}
	answer := trial.asks(t, s.asks("sign", m, key.private))
	m.headers = answer.Headers
	if answer.Body != nil {
		m.body = *answer.Body
	}
	if answer.URL != nil {
		m.url = *answer.URL
	}
	return m
}

// hookctlSigns lets hookctl sign with all of keys.
func (trial *sdkTrial) hookctlSigns(t *testing.T, s *sdk, payload sdkPayload, keys ...sdkKey) *sdkMessage {
	t.Helper()
	body := s.body(payload.text)
	m := &sdkMessage{headers: map[string]string{}, body: body, url: s.urlFor(body)}
	var secrets []string
	for _, key := range keys {
		secrets = append(secrets, key.private)
	}
	args := append([]string{"sign", "--format", "json", "--url", m.url}, s.args...)
	out, status := trial.hookctl(t, s, secrets, body, args...)
	var signed struct {
		Headers map[string]string
		Body    *string
	}
	if err := json.Unmarshal(out, &signed); err != nil || status != 0 {
		t.Fatalf("hookctl sign: exit status %d, %v", status, err)
	}
	for name, value := range signed.Headers {
		m.headers[strings.ToLower(name)] = value
	}
	if signed.Body != nil {
		m.body = *signed.Body
	}
	return m
}

// hookctlVerifies returns the verdict of hookctl and its exit status.
func (trial *sdkTrial) hookctlVerifies(t *testing.T, s *sdk, m *sdkMessage, key sdkKey) (outcome string, status int) {
	t.Helper()
	args := []string{"verify", "--json", "--url", m.url}
	for name, value := range m.headers {
		args = append(args, "--header", name+": "+value)
	}
	out, status := trial.hookctl(t, s, []string{key.public}, m.body, args...)
	var verdict struct{ Outcome, Reason, Detail string }
	if err := json.Unmarshal(out, &verdict); err != nil {
		t.Fatalf("hookctl verify: exit status %d, %v", status, err)
	}
	if verdict.Outcome != "verified" {
		t.Logf("%s: %s", verdict.Reason, verdict.Detail)
	}
	return verdict.Outcome, status
}

// hookctl runs it with the secrets in its environment and body on standard input.
func (trial *sdkTrial) hookctl(t *testing.T, s *sdk, secrets []string, body string, args ...string) (stdout []byte, status int) {
	t.Helper()
	if s.profile != "" {
		writeProfile(t, filepath.Join(trial.home, s.provider), s.profile)
	}
	args = append(args, "--provider", s.provider, "--body", "-")
	env := append(os.Environ(), "HOME="+trial.home)
	for i, secret := range secrets {
		name := "SDK_SECRET_" + strconv.Itoa(i+1)
		env, args = append(env, name+"="+secret), append(args, "--secret", "env:"+name)
	}
	cmd := exec.Command("hookctl", args...)
	var stderr strings.Builder
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stderr = trial.home, env, strings.NewReader(body), &stderr
	stdout, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if stderr.Len() > 0 {
		t.Logf("hookctl %s: %s", args[0], stderr.String())
	}
	return stdout, cmd.ProcessState.ExitCode()
}

func writeProfile(t *testing.T, folder, text string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "provider.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// why is what an SDK says.
func why(refused *string) string {
	if refused == nil {
		return "accepted"
	}
	return *refused
}
