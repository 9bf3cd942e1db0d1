# Sourced by ./openvocab and ./test.sh: looks for what they need from the system, and installs it where it may.
# Everything that is printed goes to standard error, because standard output carries data only.
# Nothing is asked of apt unless something is missing: a second start costs a few milliseconds.

say() { printf '%s\n' "$*" >&2; }

missing_packages() {
  local libraries
  libraries=$(/sbin/ldconfig -p 2>/dev/null || ldconfig -p)
  case $libraries in *libgtk-3.so.0*) ;; *) echo libgtk-3-0 ;; esac
  case $libraries in *libatomic.so.1*) ;; *) echo libatomic1 ;; esac
  case $libraries in *libdrm.so.2*) ;; *) echo libdrm2 ;; esac
  # .NET composes accents with ICU; its package carries the version in its name.
  case $libraries in *libicuuc.so.*) ;; *) echo libicu ;; esac
  if ! command -v ffmpeg >/dev/null || ! command -v ffprobe >/dev/null; then echo ffmpeg; fi
  # Plots are written with whatever font there is.
  [ -n "$(find -L /usr/share/fonts -name '*.[ot]t[cf]' -print -quit 2>/dev/null)" ] || echo fonts-dejavu-core
}

# The newest libicuNN that this system offers.
icu_package() {
  apt-cache --names-only search '^libicu[0-9]+$' 2>/dev/null | sed 's/ .*//' | sort -V | tail -n 1
}

# The packages by the names that this system knows: libicu stands for the newest libicuNN.
package_names() {
  local package icu
  for package in "$@"; do
    if [ "$package" = libicu ]; then
      icu=$(icu_package)
      package=${icu:-libicu72}
    fi
    echo "$package"
  done
}

install_packages() {
  local as_root=() packages=("$@") log
  if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
  log=$(mktemp)
  say "Installing ${packages[*]} (needed once) ..."
  if ! {
    "${as_root[@]}" apt-get update -q
    mapfile -t packages < <(package_names "${packages[@]}")
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${packages[@]}"
  } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "error: the packages could not be installed; apt's words are above."
    say "  → Run: sudo apt-get update && sudo apt-get install --no-install-recommends ${packages[*]}"
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# Installs what is missing, or says the one command that does.
ensure_system() {
  local packages
  mapfile -t packages < <(missing_packages)
  [ ${#packages[@]} -gt 0 ] || return 0
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    install_packages "${packages[@]}"
    return
  fi
  mapfile -t packages < <(package_names "${packages[@]}")
  say "error: these system packages are missing: ${packages[*]}"
  say "  → Run: sudo apt-get update && sudo apt-get install --no-install-recommends ${packages[*]}"
  return 1
}

# .NET SDK 10, also where Microsoft's install script puts it.
ensure_dotnet() {
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
  if ! command -v dotnet >/dev/null && [ -x "${HOME:-}/.dotnet/dotnet" ]; then
    export DOTNET_ROOT=$HOME/.dotnet PATH=$HOME/.dotnet:$PATH
  fi
  if ! command -v dotnet >/dev/null; then
    say "error: the .NET SDK 10 is not installed."
    say "  → Ubuntu 24.04: sudo apt-get install dotnet-sdk-10.0. Debian 12: see https://learn.microsoft.com/dotnet/core/install/linux-debian"
    return 1
  fi
}
