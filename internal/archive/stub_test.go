package archive_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// stubVariable makes the test binary behave as curl does.
const stubVariable = "HOOKCTL_TEST_CURL"

func TestMain(m *testing.M) {
	if os.Getenv(stubVariable) != "" {
		if err := curl(os.Args[1:], os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, "curl (stub):", err)
			os.Exit(2)
		}
		return
	}
	os.Exit(m.Run())
}

// stubCurl returns a folder in which the test binary is called curl: exports can
// then be run where there is no curl.
func stubCurl(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs symbolic links")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "curl")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// curl does what curl's manual says of the options that exports use, and knows
// no others.
func curl(args []string, stdin io.Reader) error {
	r, err := parseCurl(args, stdin)
	if err != nil {
		return err
	}
	host, rest, _ := strings.Cut(strings.TrimPrefix(r.address, "http://"), "/")
	if r.target == "" {
		r.target, _, _ = strings.Cut("/"+rest, "#")
	}
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, r.head(host)+r.data); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, conn)
	return err
}

// A curlRequest is what curl has been told to send.
type curlRequest struct {
	method, target, proto, address string
	lines                          []string
	sends                          bool
	data                           string
}

func parseCurl(args []string, stdin io.Reader) (*curlRequest, error) {
	r := &curlRequest{method: "GET", proto: "HTTP/1.1"}
	for len(args) > 0 {
		option := args[0]
		args = args[1:]
		switch option {
		case "--globoff", "--path-as-is", "--http1.1":
			continue
		case "--http1.0":
			r.proto = "HTTP/1.0"
			continue
		case "--head":
			r.method = "HEAD"
			continue
		}
		if len(args) == 0 {
			return nil, fmt.Errorf("%s needs a value", option)
		}
		if err := r.set(option, args[0], stdin); err != nil {
			return nil, err
		}
		args = args[1:]
	}
	return r, nil
}

func (r *curlRequest) set(option, value string, stdin io.Reader) error {
	isFile := strings.HasPrefix(value, "@")
	switch {
	case option == "--request":
		r.method = value
	case option == "--request-target":
		r.target = value
	case option == "--url":
		r.address = value
	case option == "--header" && !isFile:
		r.lines = append(r.lines, value)
	case option == "--data-binary" && value == "@-":
		data, err := io.ReadAll(stdin)
		r.sends, r.data = true, string(data)
		return err
	case option == "--data-binary" && !isFile:
		r.sends, r.data = true, value
	default:
		return fmt.Errorf("%s %s: unknown, or reads a file", option, value)
	}
	return nil
}

// head is the request head, with what curl adds by itself.
func (r *curlRequest) head(host string) string {
	head := r.method + " " + r.target + " " + r.proto + "\r\n"
	own := []string{"Host: " + host, "User-Agent: stub", "Accept: */*"}
	if r.sends {
		own = append(own, "Content-Type: application/x-www-form-urlencoded")
	}
	for _, line := range own {
		if name, _, _ := strings.Cut(line, ":"); !r.mentions(name) {
			head += line + "\r\n"
		}
	}
	for _, line := range r.lines {
		name, value, colon := strings.Cut(line, ":")
		switch {
		case !colon && strings.HasSuffix(line, ";"):
			head += strings.TrimSuffix(line, ";") + ":\r\n"
		case colon && strings.TrimSpace(value) != "":
			head += name + ":" + value + "\r\n"
		}
	}
	if r.sends {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(r.data))
	}
	return head + "\r\n"
}

func (r *curlRequest) mentions(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(r.lines, func(line string) bool {
		line = strings.ToLower(line)
		return strings.HasPrefix(line, name+":") || line == name+";"
	})
}
