package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/suggest"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// configName is the configuration file, searched from the working folder upward.
const configName = "hookctl.yaml"

// providersKey is its section about providers.
const providersKey = "providers"

// A configFile is a parsed hookctl.yaml: global flags at the top, a section for
// each command, named like it, with that command's flags.
//
//	store: captures
//	listen:
//	  port: 4400
//	  forward-to: [http://localhost:3000]
type configFile struct {
	path    string
	read    time.Time // before it was read; zero where it was not read from disk
	entries []yamldoc.Entry
}

// loadConfig reads the file that --config names, or the nearest one, or none.
func (a *app) loadConfig() (*configFile, error) {
	path := a.global.config
	if path == "" {
		if path = findUp(a.world.Dir, configName); path == "" {
			return nil, nil
		}
	}
	path = a.absolute(path)
	begin := a.world.Now()
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &failure{err: fmt.Errorf("configuration: %w", err), status: exitFailed, hint: "name another file with --config FILE"}
	}
	file, err := parseConfig(path, text)
	if err == nil {
		file.read = begin
	}
	return file, err
}

// findUp returns the nearest file called name in dir or a folder above it, or "".
func findUp(dir, name string) string {
	for {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() || errors.Is(err, fs.ErrPermission) {
			return path
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

func parseConfig(path string, text []byte) (*configFile, error) {
	doc, err := yamldoc.Parse(path, text)
	if err != nil {
		return nil, err
	}
	return &configFile{path: path, entries: doc.Root()}, nil
}

// apply checks the whole file and sets those flags of cmd that are not given.
// The settings of other commands are tried on scratch, a tree of commands of its own.
func (c *configFile) apply(cmd, scratch *cobra.Command, given map[string]bool) error {
	return c.section(c.entries, scratch, cmd, given)
}

// section reads the settings of one command: its flags, and the sections of the
// commands below it.
func (c *configFile) section(entries []yamldoc.Entry, at, cmd *cobra.Command, given map[string]bool) error {
	for _, entry := range entries {
		if (entry.Key == providersKey || entry.Key == endpointsKey) && !at.HasParent() {
			continue // read when a command asks for them
		}
		if sub := child(at, entry.Key); sub != nil && len(settings(sub)) > 0 {
			if err := c.subsection(entry, sub, cmd, given); err != nil {
				return err
			}
			continue
		}
		flag := ownFlag(at, entry.Key)
		if flag == nil {
			return entry.Errorf("unknown setting %q%s%s", entry.Key, under(at), suggestion(entry.Key, settings(at)))
		}
		values, err := c.values(flag, entry.Value)
		if err != nil {
			return err
		}
		if err := c.set(flag, entry.Value, values); err != nil {
			return err
		}
		if appliesTo(at, cmd) && !given[entry.Key] {
			if err := c.set(cmd.Flag(entry.Key), entry.Value, values); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *configFile) subsection(entry yamldoc.Entry, at, cmd *cobra.Command, given map[string]bool) error {
	if entry.Value.IsNull() {
		return nil
	}
	entries, ok := entry.Value.Entries()
	if !ok {
		return entry.Value.Errorf("want the settings of %s, got %s", at.Name(), entry.Value)
	}
	return c.section(entries, at, cmd, given)
}

// values returns the texts that a setting stands for.
func (c *configFile) values(flag *pflag.Flag, node yamldoc.Node) ([]string, error) {
	items, ok := node.Items()
	if !ok {
		text, err := c.scalar(flag, node)
		return []string{text}, err
	}
	if !isList(flag) {
		return nil, node.Errorf("%s: want one value, got a list", flag.Name)
	}
	var texts []string
	for _, item := range items {
		text, err := c.scalar(flag, item)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}

func (c *configFile) scalar(flag *pflag.Flag, node yamldoc.Node) (string, error) {
	text, ok := node.Text()
	if !ok {
		return "", node.Errorf("%s: want a value, got %s", flag.Name, node)
	}
	return c.resolve(flag, text), nil
}

// resolve makes the value of a flag that is a path relative to the file's folder.
func (c *configFile) resolve(flag *pflag.Flag, value string) string {
	if flag.Annotations[pathAnnotation] == nil || filepath.IsAbs(value) {
		return value
	}
	return filepath.Join(filepath.Dir(c.path), value)
}

// set gives flag its values.
func (c *configFile) set(flag *pflag.Flag, node yamldoc.Node, values []string) error {
	for _, value := range values {
		if err := setFlag(flag, value); err != nil {
			return node.Errorf("%s: %s", flag.Name, err)
		}
	}
	return nil
}

// child returns the subcommand of cmd called name.
func child(cmd *cobra.Command, name string) *cobra.Command {
	for _, sub := range cmd.Commands() {
		if sub.Name() == name {
			return sub
		}
	}
	return nil
}

// ownFlag returns the flag that a section may set: the root's are the global ones.
func ownFlag(cmd *cobra.Command, name string) *pflag.Flag {
	f := ownFlags(cmd).Lookup(name)
	if f == nil || f.Hidden || !isSetting(name) {
		return nil
	}
	return f
}

// isSetting reports whether a flag can be one for good: others say where settings are, or
// ask for something else than what the command does.
func isSetting(flag string) bool {
	return flag != "config" && flag != configSchemaFlag && flag != "help"
}

func ownFlags(cmd *cobra.Command) *pflag.FlagSet {
	if cmd.HasParent() {
		return cmd.LocalNonPersistentFlags()
	}
	return cmd.PersistentFlags()
}

// appliesTo reports whether the section of at holds settings of cmd: that of the
// root, and cmd's own. forward is listen under another name.
func appliesTo(at, cmd *cobra.Command) bool {
	return !at.HasParent() || at.CommandPath() == cmd.CommandPath() || at.Name() == "listen" && cmd.Name() == "forward"
}

// settings lists what may stand in the section of cmd: the flags, and the commands below
// it that have settings themselves.
func settings(cmd *cobra.Command) []string {
	var names []string
	for _, sub := range cmd.Commands() {
		if len(settings(sub)) > 0 {
			names = append(names, sub.Name())
		}
	}
	ownFlags(cmd).VisitAll(func(f *pflag.Flag) {
		if ownFlag(cmd, f.Name) != nil {
			names = append(names, f.Name)
		}
	})
	slices.Sort(names)
	return names
}

func under(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return ""
	}
	return " under " + strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
}

func suggestion(word string, names []string) string {
	if near := suggest.Nearest(word, names); near != "" && near != word {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return ""
}
