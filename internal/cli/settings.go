package cli

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// envPrefix begins the name of each flag's environment variable.
const envPrefix = "HOOKCTL_"

// pathAnnotation marks flags whose value is a path: in a configuration file it
// is relative to that file.
const pathAnnotation = "hookctl_path"

func markPath(flags *pflag.FlagSet, names ...string) {
	for _, name := range names {
		if err := flags.SetAnnotation(name, pathAnnotation, []string{"true"}); err != nil {
			panic(err) // a flag that this package does not define
		}
	}
}

// envName is the environment variable of a flag: HOOKCTL_FORWARD_TO of forward-to.
func envName(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// settle fills in the flags of cmd that the command line left out: from the
// environment, then from hookctl.yaml.
func (a *app) settle(cmd *cobra.Command) error {
	var err error
	given := map[string]bool{}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		given[f.Name] = f.Changed
		if err == nil && !f.Changed && f.Name != "help" {
			err = a.fromEnv(f, given)
		}
	})
	if err != nil {
		return err
	}
	if a.file, err = a.loadConfig(); err != nil || a.file == nil {
		return err
	}
	return a.file.apply(cmd, newRoot(&app{world: a.world}), given)
}

// checkOnce refuses flags of one value that the command line gives several. A shell that asks
// for completions has them parsed twice, so settle does not look at that.
func checkOnce(cmd *cobra.Command) error {
	var err error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if one, is := f.Value.(*oneValue); is && err == nil {
			err = one.check(f.Name)
		}
	})
	return err
}

// fromEnv sets f from its environment variable, if that is there. A flag that
// may be given several times takes one value a line.
func (a *app) fromEnv(f *pflag.Flag, given map[string]bool) error {
	name := envName(f.Name)
	text, ok := a.world.LookupEnv(name)
	if !ok || text == "" {
		return nil
	}
	given[f.Name] = true
	values := []string{text}
	if isList(f) {
		values = strings.Split(strings.Trim(text, "\n"), "\n")
	}
	for _, value := range values {
		if err := setFlag(f, value); err != nil {
			return usage("", "%s: %w", name, err)
		}
	}
	return nil
}

// setFlag gives f a value that did not come from the command line.
func setFlag(f *pflag.Flag, value string) error {
	if err := f.Value.Set(value); err != nil {
		return valueError(f, value, err)
	}
	f.Changed = true
	return nil
}

// isList reports whether f may be given several times.
func isList(f *pflag.Flag) bool {
	_, ok := f.Value.(pflag.SliceValue)
	return ok
}

// storeDir is the folder of the store: the flag, else .hookctl beside
// hookctl.yaml, else the user's data folder.
func (a *app) storeDir() (string, error) {
	if a.global.store != "" {
		return a.absolute(a.global.store), nil
	}
	if a.file != nil {
		return filepath.Join(filepath.Dir(a.file.path), ".hookctl"), nil
	}
	if dir, ok := a.world.LookupEnv("XDG_DATA_HOME"); ok && filepath.IsAbs(dir) {
		return filepath.Join(dir, "hookctl"), nil
	}
	return a.dataDir()
}

// dataDir is hookctl's place in the user's data folder. The library for this
// reads a file when the program starts, which `hookctl version` must not.
func (a *app) dataDir() (string, error) {
	env := func(name string) string { v, _ := a.world.LookupEnv(name); return v }
	var dir string
	switch home := env("HOME"); {
	case runtime.GOOS == "windows":
		dir = env("LOCALAPPDATA")
	case home == "":
	case runtime.GOOS == "darwin":
		dir = filepath.Join(home, "Library", "Application Support")
	default:
		dir = filepath.Join(home, ".local", "share")
	}
	if dir == "" {
		return "", usage("name one with --store DIR", "there is no data folder to keep captures in: no home folder is set")
	}
	return filepath.Join(dir, "hookctl"), nil
}

// absolute resolves a path against the working folder of the world.
func (a *app) absolute(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(a.world.Dir, path)
}

// relative is a path as it is best told: from the working folder where it lies there.
func (a *app) relative(path string) string {
	if rel, err := filepath.Rel(a.world.Dir, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// oneOf reports an unknown choice with the valid ones.
func oneOf(value string, valid ...string) error {
	for _, v := range valid {
		if v == value {
			return nil
		}
	}
	return fmt.Errorf("want one of %s, got %q", strings.Join(valid, ", "), value)
}
