@echo off
rem The same as ./openvocab, for Windows. Untested: no Windows machine was at hand.
setlocal
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
where dotnet >nul 2>nul || (echo error: the .NET SDK 10 is not installed. See https://dot.net 1>&2 & exit /b 1)
where ffmpeg >nul 2>nul || echo notice: ffmpeg is not installed; videos are written as mp4v without sound. winget install ffmpeg 1>&2
dotnet build "%~dp0src\OpenVocab.Cli" --configuration Release --nologo --verbosity quiet -p:NuGetAudit=false 1>&2 || exit /b 1
for /d %%d in ("%~dp0artifacts\bin\OpenVocab.Cli\release_*") do set program=%%d\OpenVocab.Cli.dll
dotnet "%program%" %*
exit /b %errorlevel%
