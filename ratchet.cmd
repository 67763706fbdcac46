@echo off
rem Runs Ratchet from this checkout, building it first where it is missing or older than the sources.
rem Untested: written to the contract of the script "ratchet" beside it. Exit code 4: could not be built or started.
setlocal
set "root=%~dp0"
set "dist=%root%ratchet-cli\target\dist"
set "lock=%root%target\build.lock"
if not exist "%root%target" mkdir "%root%target"

call :fresh
if not errorlevel 1 goto run

set waited=0
:acquire
mkdir "%lock%" 2>nul
if not errorlevel 1 goto locked
if %waited%==0 echo ratchet: waiting for another build; if none is running, remove %lock% 1>&2
set /a waited+=1
if %waited% geq 1800 (
    echo ratchet: still locked after 30 minutes; if no build is running, remove %lock% and try again 1>&2
    exit /b 4
)
timeout /t 1 /nobreak >nul
goto acquire

:locked
call :fresh
if not errorlevel 1 goto unlock
echo ratchet: building from source; the first time this takes a minute or two 1>&2
pushd "%root%"
call mvnw.cmd -B -Dratchet.fast -pl ratchet-cli -am package > "%root%target\build.log" 2>&1
set status=%errorlevel%
popd
if not "%status%"=="0" (
    rmdir "%lock%"
    findstr /b /c:"[ERROR]" /c:"mvnw:" "%root%target\build.log" 1>&2
    echo ratchet: the build failed; all of its output is in %root%target\build.log 1>&2
    exit /b 4
)
echo ratchet: built 1>&2
:unlock
rmdir "%lock%"

:run
call "%dist%\bin\ratchet.cmd" %*
exit /b %errorlevel%

rem Is the distribution there, and nothing it is made of younger?
:fresh
if not exist "%dist%\stamp" exit /b 1
powershell -NoProfile -Command "$s=(Get-Item '%dist%\stamp').LastWriteTime; $f=@(Get-Item '%root%pom.xml','%root%ratchet-*\pom.xml') + @(Get-ChildItem '%root%ratchet-*\src\main' -Recurse); if ($f | Where-Object { $_.LastWriteTime -gt $s } | Select-Object -First 1) { exit 1 }"
exit /b %errorlevel%
