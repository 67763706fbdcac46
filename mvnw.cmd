@echo off
rem Runs the Maven version this project is built with, whatever version is installed.
rem Untested: written to the contract of the script "mvnw" beside it.
setlocal
set "version=3.9.12"
set "cache=%USERPROFILE%\.m2\wrapper\ratchet"
if defined MAVEN_USER_HOME set "cache=%MAVEN_USER_HOME%\wrapper\ratchet"
set "home=%cache%\apache-maven-%version%"
if exist "%home%\bin\mvn.cmd" goto run

where mvn >nul 2>nul
if errorlevel 1 (
    echo mvnw: no Maven found; install any Maven from 3.8 on and try again 1>&2
    exit /b 1
)
call mvn --version 2>nul | findstr /r /c:"Apache Maven 3\.[89]\." /c:"Apache Maven 3\.[1-9][0-9]" /c:"Apache Maven [4-9]\." >nul
if errorlevel 1 (
    echo mvnw: the installed Maven is older than 3.8; install Maven 3.8 or newer and try again 1>&2
    exit /b 1
)
rem Unpacked beside its final place and renamed; the empty folder keeps the goal from reading this project's pom.xml.
set "temporary=%cache%\unpack.%RANDOM%%RANDOM%"
mkdir "%temporary%\empty"
pushd "%temporary%\empty"
call mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:unpack "-Dartifact=org.apache.maven:apache-maven:%version%:zip:bin" "-DoutputDirectory=%temporary%" >nul 2>nul
set status=%errorlevel%
popd
if not "%status%"=="0" (
    rmdir /s /q "%temporary%"
    echo mvnw: Maven %version% could not be fetched; using the installed Maven 1>&2
    call mvn %*
    exit /b %errorlevel%
)
if not exist "%home%" move "%temporary%\apache-maven-%version%" "%home%" >nul
rmdir /s /q "%temporary%"

:run
call "%home%\bin\mvn.cmd" %*
exit /b %errorlevel%
