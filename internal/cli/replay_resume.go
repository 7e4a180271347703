package cli

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// kept is s as it is kept: without what opens something and stands in it as it is, and with
// paths, which are relative to dir, made whole.
func (s replaySpec) kept(dir string) ([]byte, error) {
	whole := func(path string) string {
		if filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(dir, path)
	}
	var refs []string
	for _, ref := range s.Secret {
		if path, ok := strings.CutPrefix(ref, "file:"); ok {
			refs = append(refs, "file:"+whole(path))
		} else if strings.HasPrefix(ref, "env:") {
			refs = append(refs, ref)
		}
	}
	s.Withheld = len(refs) < len(s.Secret)
	s.Secret = refs
	if isPath(s.Provider) {
		s.Provider = whole(s.Provider)
	}
	if to, err := parseTarget(s.To); err == nil && to.User != nil {
		to.User, s.ToWithheld = nil, true
		s.To = to.String()
	}
	s.Header = slices.Clone(s.Header)
	for i, line := range s.Header {
		name, value, _ := strings.Cut(line, ": ")
		if hook.Sensitive(name) && value != "" {
			s.Header[i], s.HeaderWithheld = name+": ", append(s.HeaderWithheld, name)
		}
	}
	return json.Marshal(s)
}

// sameTargetAs reports whether other goes to the same target.
func (s *replaySpec) sameTargetAs(other replaySpec) bool {
	return s.Endpoint == other.Endpoint && onePlace(s.place()) == onePlace(other.place())
}

// place is where s sends, for people.
func (s *replaySpec) place() string {
	if to, err := parseTarget(s.To); s.Endpoint == "" && err == nil {
		return hook.DisplayURL(to)
	}
	return orDefault(s.Endpoint, s.To)
}

// resumeCommand is how a run that is kept as s is gone on with.
func (s *replaySpec) resumeCommand() string {
	if s.stdin() {
		return "hookctl replay - --resume, with the same ids,"
	}
	return "hookctl replay --resume"
}

// resumable are the flags that may stand beside --resume.
func resumable() []string {
	return []string{"resume", "secret", "to", "header", "yes", "concurrency", "rate", "config", "store", "json", "quiet", "verbose", "no-color"}
}

// takeUp puts the spec of a run in the place of the flags, but for those that may differ,
// and for what was not kept, which they give again.
func (o *replayOptions) takeUp(run *hook.Run, cmd *cobra.Command) error {
	var refused []string
	asked := map[string]bool{} // on the command line itself
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if asked[f.Name] = true; !slices.Contains(resumable(), f.Name) {
			refused = append(refused, "--"+f.Name)
		}
	})
	if len(refused) > 0 {
		return usage("leave it out, or leave out --resume", "--resume goes on as the replay began: it does not go with %s", strings.Join(refused, ", "))
	}
	was, err := readSpec(run.Spec)
	if err != nil {
		return cannot("", fmt.Errorf("what the replay of %s was cannot be read: %w", run.StartedAt.Local().Format(time.DateTime), err))
	}
	switch {
	case was.stdin() && !o.stdin():
		return usage("hookctl replay - --resume, with the same ids", "--resume: the ids of that replay came on standard input: they are wanted again")
	case !was.stdin() && len(o.IDs) > 0:
		return usage("leave them out", "--resume goes on with the captures of that replay: it takes no ids")
	case was.Withheld && len(o.Secret) == 0:
		return usage("--secret env:NAME or file:PATH gives it", "--resume: the secret of that replay was not kept: it is wanted again")
	}
	to, header := o.To, hook.Header(o.header)
	if !asked["to"] && !was.ToWithheld { // hookctl.yaml has it
		to = ""
	}
	if !asked["header"] {
		header = header.Without(func(name string) bool { return !slices.Contains(was.HeaderWithheld, name) })
	}
	if err := was.giveTarget(to); err != nil {
		return err
	}
	if err := was.giveHeader(header); err != nil {
		return err
	}
	if len(o.Secret) > 0 {
		was.Secret = o.Secret
	}
	if asked["concurrency"] {
		was.Concurrency = o.Concurrency
	}
	if asked["rate"] {
		was.Rate = o.rate.Rate
	}
	o.replaySpec = was
	return o.checkNumbers()
}

// giveTarget gives the user and password of the target again, which were not kept.
func (s *replaySpec) giveTarget(text string) error {
	if text == "" {
		if s.ToWithheld {
			return usage("--resume --to, with both in the URL, gives them", "--resume: the user and password of %s were not kept: they are wanted again", s.place())
		}
		return nil
	}
	to, err := parseTarget(text)
	if err != nil {
		return err
	}
	bare := *to
	bare.User = nil
	was, err := parseTarget(s.To)
	switch {
	case s.Endpoint != "":
		return usage("leave it out", "--resume --to: that replay goes to the endpoint %s", s.Endpoint)
	case err != nil || !sameTarget(was, &bare):
		return usage("leave it out, or leave out --resume", "--resume --to: that replay goes to %s", s.place())
	case (to.User != nil) != s.ToWithheld:
		return usage("http://USER:PASSWORD@HOST is the form", "--resume --to: that replay began %s a user and password in the URL", map[bool]string{true: "with", false: "without"}[s.ToWithheld])
	}
	s.To, s.ToWithheld = text, false
	return nil
}

// sameTarget reports whether two targets are the same, both without user and password.
func sameTarget(a, b *url.URL) bool { return onePlace(a.String()) == onePlace(b.String()) }

// giveHeader gives the values of fields again that were not kept.
func (s *replaySpec) giveHeader(given hook.Header) error {
	for _, f := range given {
		if slices.Contains(s.Header, f.Name+": "+f.Value) {
			continue
		}
		at := slices.Index(s.Header, f.Name+": ")
		of := slices.Index(s.HeaderWithheld, f.Name)
		if at < 0 || of < 0 {
			return usage("leave it out, or leave out --resume", "--resume --header: %s is not among what was withheld from that replay", f.Name)
		}
		s.Header[at] = f.Name + ": " + f.Value
		s.HeaderWithheld = slices.Delete(s.HeaderWithheld, of, of+1)
	}
	if len(s.HeaderWithheld) > 0 {
		name := s.HeaderWithheld[0]
		return usage("--header '"+name+": …' gives it", "--resume: the value of the header %s was not kept: it is wanted again", name)
	}
	return nil
}
