package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a script waits for what must happen.
const patience = 20 * time.Second

// TestScripts runs testdata/script: the command line as its users see it.
// See testdata/script/README.md for the verbs.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await":      await,
			"await_gone": awaitGone,
			"ready":      ready,
			"post":       post,

			"await_lines":  awaitLines,
			"await_answer": awaitAnswer,
			"raw":          raw,
			"target":       target,
			"bytes":        writeBytes,
		},
	})
}

// setup gives each script a home of its own and nothing of the user's.
func setup(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, "home")
	schemas, err := filepath.Abs("../../schemas")
	if err != nil {
		return err
	}
	env.Vars = append(env.Vars, "HOME="+home, "TZ=UTC", "LOCALAPPDATA="+home, "SCHEMAS="+schemas)
	return os.MkdirAll(home, 0o755)
}

// within waits until ok holds.
func within(ts *testscript.TestScript, what string, ok func() bool) {
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			ts.Fatalf("%s: did not happen in %s", what, patience)
		}
	}
}

// await FILE TEXT: wait until FILE has TEXT.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await FILE TEXT")
	}
	within(ts, args[0]+" has "+args[1], func() bool {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		return err == nil && bytes.Contains(text, []byte(args[1]))
	})
}

// await_gone STORE QUERY: wait until no capture in STORE fits QUERY.
func awaitGone(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await_gone STORE QUERY")
	}
	within(ts, "no capture fits "+args[1], func() bool {
		out, err := prints(ts, "hookctl", "captures", "list", "--store", args[0], "--query", args[1])
		return err == nil && out == ""
	})
}

// prints is what a program prints in the script's folder. The script has it not on record.
func prints(ts *testscript.TestScript, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "HOME="+ts.Getenv("HOME"))
	out, err := cmd.Output()
	return string(out), err
}

// await_lines N TEXT PROGRAM [ARG...]: run PROGRAM until N lines that it prints have TEXT.
func awaitLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: await_lines N TEXT PROGRAM [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		out, _ := prints(ts, args[2], args[3:]...) // it may fail until there is what it is to print
		n := 0
		for line := range strings.Lines(out) {
			if strings.Contains(line, args[1]) {
				n++
			}
		}
		if n >= want {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s prints %d lines with %s after %s, want %d:\n%s", strings.Join(args[2:], " "), n, args[1], patience, want, out)
		}
	}
}

// ready FILE VAR: wait for a ready file, and put the URL in it into VAR.
func ready(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ready FILE VAR")
	}
	await(ts, false, []string{args[0], "http"})
	at := strings.TrimSpace(ts.ReadFile(args[0]))
	ts.Setenv(args[1], at)
	if u, err := url.Parse(at); err == nil {
		ts.Setenv(args[1]+"_PORT", u.Port())
	}
}

// post URL FILE ['Name: value'|@HEADERS...]: post FILE with headers given or, one a
// line, in the file HEADERS; print status, headers of hookctl's own choosing left
// out, and body. "! post" expects that no answer comes.
func post(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: post URL FILE ['Name: value'...]")
	}
	req := postRequest(ts, args[0], args[1], args[2:])
	res, err := (&http.Transport{DisableCompression: true}).RoundTrip(req)
	if neg {
		if err == nil {
			res.Body.Close()
			ts.Fatalf("answered %s, want no answer", res.Status)
		}
		return
	}
	ts.Check(err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n%s", res.Status, answer)
}

// postRequest is a POST of file with headers, each given or in a file.
func postRequest(ts *testscript.TestScript, to, file string, headers []string) *http.Request {
	body, err := os.ReadFile(ts.MkAbs(file))
	ts.Check(err)
	req, err := http.NewRequest("POST", to, bytes.NewReader(body))
	ts.Check(err)
	req.Close = true
	for _, arg := range headers {
		lines := arg
		if file, ok := strings.CutPrefix(arg, "@"); ok {
			lines = strings.TrimSpace(ts.ReadFile(file))
		}
		for header := range strings.SplitSeq(lines, "\n") {
			name, value, _ := strings.Cut(header, ":")
			req.Header.Add(name, strings.TrimSpace(value))
		}
	}
	return req
}

// await_answer URL FILE STATUS ['Name: value'...]: post FILE until the answer is STATUS.
func awaitAnswer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: await_answer URL FILE STATUS ['Name: value'...]")
	}
	within(ts, args[0]+" answers "+args[2], func() bool {
		res, err := (&http.Transport{DisableCompression: true}).RoundTrip(postRequest(ts, args[0], args[1], args[3:]))
		if err != nil {
			return false
		}
		res.Body.Close()
		time.Sleep(20 * time.Millisecond)
		return strconv.Itoa(res.StatusCode) == args[2]
	})
}

// raw URL FILE: send FILE byte for byte, with CRLF for each LF of its head, and
// print the status lines that come back until the connection is closed.
func raw(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: raw URL FILE")
	}
	head, body, _ := strings.Cut(ts.ReadFile(args[1]), "\n\n")
	u, err := url.Parse(args[0])
	ts.Check(err)
	conn, err := net.Dial("tcp", u.Host)
	ts.Check(err)
	defer conn.Close()
	ts.Check(conn.SetDeadline(time.Now().Add(patience)))
	_, err = io.WriteString(conn, strings.ReplaceAll(head, "\n", "\r\n")+"\r\n\r\n"+body)
	ts.Check(err)
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "HTTP/1.") {
			fmt.Fprintln(ts.Stdout(), lines.Text())
		}
	}
}

// target VAR [STATUS [BODY]]: start a dev server whose URL is put into VAR. The
// requests that it gets are written to the file VAR.got as they come in.
func target(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 3 {
		ts.Fatalf("usage: target VAR [STATUS [BODY]]")
	}
	status, body := 200, ""
	if len(args) > 1 {
		var err error
		status, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	if len(args) > 2 {
		body = args[2]
	}
	log := ts.MkAbs(args[0] + ".got")
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		mu.Lock()
		f, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			fmt.Fprintf(f, "%s %s\n%s\n", r.Method, r.RequestURI, got)
			f.Close()
		}
		mu.Unlock()
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}

// bytes FILE TEXT: write TEXT, a Go string without its quotes, to FILE.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
