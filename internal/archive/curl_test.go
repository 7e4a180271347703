package archive_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hookctl/hookctl/internal/archive"
	"github.com/hookctl/hookctl/internal/hook"
)

// A shellAndCurl is one way to run an exported command.
type shellAndCurl struct{ shell, path string }

// waysToRun are all pairs of a shell and a curl that this machine has: the stub
// is always there.
func waysToRun(t *testing.T) map[string]shellAndCurl {
	t.Helper()
	stub := stubCurl(t)
	ways := map[string]shellAndCurl{}
	for _, shell := range []string{"bash", "dash"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			continue
		}
		ways[shell+" with stub"] = shellAndCurl{path, stub}
		if curl, err := exec.LookPath("curl"); err == nil {
			ways[shell+" with curl"] = shellAndCurl{path, filepath.Dir(curl)}
		}
	}
	if len(ways) == 0 {
		t.Skip("there is no POSIX shell here")
	}
	return ways
}

// run executes command and returns the one request that it sent to to. Nothing
// else may have happened: the folder it ran in must stay empty.
func (s shellAndCurl) run(t *testing.T, command string, to *recorder) message {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command(s.shell)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(command)
	cmd.Env = []string{
		"PATH=" + s.path + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C.UTF-8",
		stubVariable + "=1", "GORACE=atexit_sleep_ms=0", // else the stub takes a second to end under -race
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s\n%s", err, stderr.String(), abridged(command))
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Fatalf("the command made %s:\n%s", left[0].Name(), abridged(command))
	}
	return to.only(t)
}

func abridged(s string) string { return s[:min(len(s), 2000)] }

// wantSent compares what arrived with what was captured. Host is compared apart:
// curl puts it first. Content-Length is curl's own.
func wantSent(t *testing.T, c *hook.Capture, got message) {
	t.Helper()
	if got.method != c.Method || got.target != c.Target {
		t.Errorf("sent %s %q, want %s %q", got.method, got.target, c.Method, c.Target)
	}
	body, _ := hook.ReadBody(c.Body)
	if !bytes.Equal(body, got.body) {
		t.Errorf("sent another body: %q, want %q", abridged(string(got.body)), abridged(string(body)))
	}
	if diff := cmp.Diff(c.Header.Get("Host"), got.header.Get("Host")); diff != "" {
		t.Errorf("Host (-want +got):\n%s", diff)
	}
	own := func(name string) bool {
		return slices.Contains([]string{"host", "content-length", "transfer-encoding"}, strings.ToLower(name))
	}
	if diff := cmp.Diff(c.Header.Without(own), got.header.Without(own)); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestCurlCommandSendsTheExactRequest(t *testing.T) {
	cases := map[string]*hook.Capture{
		"no headers of its own":               capture("x"),
		"headers that curl would add":         capture("x", "accept", "a/b", "USER-AGENT", "RETM/1.0", "content-type", "text/plain"),
		"repeats in their own case and order": capture("{}", "x-Dup", "1", "X-Other", "o", "X-dUp", "2", "x-Dup", "1"),
		"empty values":                        capture("{}", "X-Empty", "", "Accept", "", "User-Agent", ""),
		"hostile values":                      capture("{}", "X-A", "'; touch SENTINEL; '", "X-B", "$(touch SENTINEL)", "X-C", "`touch SENTINEL`", "X-D", `\`, "X-E", "@/etc/passwd", "X-F", "a\tb", "X-G", "caf\xc3\xa9 \u202e \x9b \xff!", "X-H", ";", "X-I", `"!!"`),
		"credentials":                         capture("{}", "Authorization", "Bearer abc", "Cookie", "a=b"),
		"another host":                        with(capture("{}"), func(c *hook.Capture) { c.Header[0].Value = "shop.example" }),
		"chunked":                             capture("abc", "Transfer-Encoding", "chunked"),
		"stated empty body":                   capture("", "Content-Length", "0"),
		"HEAD":                                with(capture(""), func(c *hook.Capture) { c.Method = "HEAD" }),
		"GET with a query":                    with(capture(""), func(c *hook.Capture) { c.Method, c.Target = "GET", "/a/../b/./c?x[]=1&y={a,b}&z=%41%2f" }),
		"odd method":                          with(capture(""), func(c *hook.Capture) { c.Method = "M-SEARCH!'*" }),
		"DELETE with a body":                  with(capture("x"), func(c *hook.Capture) { c.Method = "DELETE" }),
		"hostile target":                      with(capture(""), func(c *hook.Capture) { c.Target = "/'$(>SENTINEL)`x`;\\\"|<>^&?'=#frag" }),
		"target beyond ASCII":                 with(capture(""), func(c *hook.Capture) { c.Target = "/caf\xc3\xa9/\xff\u202e" }),
		"two slashes":                         with(capture(""), func(c *hook.Capture) { c.Target = "//evil.example/x" }),
		"asterisk":                            with(capture(""), func(c *hook.Capture) { c.Method, c.Target = "OPTIONS", "*" }),
		"HTTP/1.0 without Host":               with(capture("x"), func(c *hook.Capture) { c.Proto, c.Header = "HTTP/1.0", nil }),
	}
	for name, body := range hostile() {
		cases["body: "+name] = capture(body, "Content-Type", "application/json")
	}
	for way, run := range waysToRun(t) {
		t.Run(way, func(t *testing.T) {
			to := newRecorder(t)
			for name, c := range cases {
				t.Run(name, func(t *testing.T) {
					sent := *c
					target := c.Target
					if !strings.HasPrefix(target, "/") {
						t.Skip("a URL cannot end in it")
					}
					if sent.Header.Get("Host") == "localhost:4400" {
						sent.Header = append(hook.Header{{Name: "Host", Value: to.host}}, c.Header[1:]...)
					}
					var command strings.Builder
					if err := archive.WriteCurl(&command, &sent, archive.Options{Reveal: true, URL: "http://" + to.host + target}); err != nil {
						t.Fatal(err)
					}
					wantSent(t, &sent, run.run(t, command.String(), to))
				})
			}
		})
	}
}

func TestCurlCommandGoesWhereTheCaptureWent(t *testing.T) {
	for way, run := range waysToRun(t) {
		t.Run(way, func(t *testing.T) {
			to := newRecorder(t)
			for _, target := range []string{"/a?b=1", "*", "/#x", "http://" + to.host + "/p?q=1"} {
				c := capture("x")
				c.Method, c.Target, c.Header[0].Value = "OPTIONS", target, to.host
				var command strings.Builder
				if err := archive.WriteCurl(&command, c, archive.Options{}); err != nil {
					t.Fatal(err)
				}
				wantSent(t, c, run.run(t, command.String(), to))
			}
		})
	}
}

func TestCurlCommandIsReadable(t *testing.T) {
	for name, tc := range map[string]struct {
		capture *hook.Capture
		options archive.Options
		want    string
	}{
		"text in place": {
			capture(`{"it's":1}`, "Content-Type", "application/json", "Content-Length", "10", "User-Agent", "x", "Accept", "*/*"), archive.Options{},
			`curl --globoff --path-as-is \
  --request POST \
  --header 'Content-Type: application/json' \
  --header 'User-Agent: x' \
  --header 'Accept: */*' \
  --data-binary '{"it'\''s":1}' \
  --url 'http://localhost:4400/recharge?x=1'
`,
		},
		"secrets masked, bytes escaped": {
			capture("a\x00\x1b%\n", "Content-Type", "a/b", "User-Agent", "x", "Accept", "", "Authorization", "Bearer abc"),
			archive.Options{URL: "https://shop.example/in"},
			`# hookctl: 1 header masked; --reveal shows it
printf 'a\000\033%%\n' | curl --globoff --path-as-is \
  --request POST \
  --http1.1 \
  --header 'Host: localhost:4400' \
  --header 'Content-Type: a/b' \
  --header 'User-Agent: x' \
  --header 'Accept;' \
  --header 'Authorization: ********' \
  --data-binary @- \
  --url https://shop.example/in
`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			if err := archive.WriteCurl(&got, tc.capture, tc.options); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatNoMessageCanCarryIsRefused(t *testing.T) {
	for name, c := range map[string]*hook.Capture{
		"line break in a value":  capture("", "X-A", "a\r\nX-B: c"),
		"NUL in a value":         capture("", "X-A", "a\x00"),
		"name that reads a file": capture("", "@/etc/passwd", "x"),
		"name with a line break": capture("", "X\nY", "x"),
		"line break in a target": with(capture(""), func(c *hook.Capture) { c.Target = "/\r\nX: y" }),
		"space in a method":      with(capture(""), func(c *hook.Capture) { c.Method = "GET /x" }),
		"body not loaded":        with(capture(""), func(c *hook.Capture) { c.Body = nil }),
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := archive.WriteCurl(&out, c, archive.Options{Reveal: true}); err == nil {
				t.Errorf("curl: no error, wrote %q", out.String())
			}
			if err := archive.WriteHTTP(&out, c, archive.Options{Reveal: true}); err == nil {
				t.Errorf("http: no error, wrote %q", out.String())
			}
			if out.Len() > 0 {
				t.Errorf("something was written: %q", out.String())
			}
		})
	}
}

func TestCurlNeedsSomewhereToSendTo(t *testing.T) {
	for name, tc := range map[string]struct{ host, url string }{
		"no host":       {"", ""},
		"hostile host":  {"a b/'$(x)", ""},
		"relative":      {"localhost", "/x"},
		"not HTTP":      {"localhost", "file:///etc/passwd"},
		"white space":   {"localhost", "http://localhost/a b"},
		"host and path": {"evil.example/x?", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := capture("")
			c.Header[0].Value = tc.host
			var out bytes.Buffer
			if err := archive.WriteCurl(&out, c, archive.Options{URL: tc.url}); err == nil {
				t.Errorf("no error, wrote %s", out.String())
			}
		})
	}
}

func with(c *hook.Capture, change func(*hook.Capture)) *hook.Capture {
	change(c)
	return c
}
